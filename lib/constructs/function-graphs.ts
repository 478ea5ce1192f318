import { GraphWidget, type IMetric, type IWidget, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { countedBy } from './counted-by.ts';
import type { DashboardSection } from './stage-dashboard.ts';

/** Something a function counts, once for each value of one of its dimensions. */
export interface Counts {
  readonly service: string;
  readonly metric: string;
  /** Besides `service`. Default: none. */
  readonly by?: { readonly dimension: string; readonly values: readonly string[] };
  /** Dimensions with one value. Default: none. */
  readonly of?: Readonly<Record<string, string>>;
}

/** As lines of a graph, each called after its value. */
export function countLines({ service, metric, by, of = {} }: Counts): Metric[] {
  if (!by) return [countedBy(service, metric, of).with({ label: service })];
  return by.values.map((value) => countedBy(service, metric, { ...of, [by.dimension]: value }).with({ label: value }));
}

/** Of what may be zero for days. */
export function countGraph(title: string, lines: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...lines], width: 8, height: 6, leftYAxis: { min: 0, showUnits: false } });
}

/** Three graphs in a line. */
export function section(title: string, graphs: readonly IWidget[]): DashboardSection {
  const lines = Math.ceil(graphs.length / 3);
  return { title, rows: Array.from({ length: lines }, (_, at) => graphs.slice(3 * at, 3 * at + 3)) };
}
