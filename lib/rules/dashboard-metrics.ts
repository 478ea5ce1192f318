import { z } from 'zod';
import type { Resource } from './app-resources.ts';
import { UnknownAtSynthError } from './errors.ts';
import { at, isRecord } from './properties.ts';

/** A metric that a dashboard shows. A dimension whose value only a deployment knows is the reference to it. */
export interface ShownMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: ReadonlyMap<string, unknown>;
}

const bodySchema = z.object({
  widgets: z.array(z.object({ properties: z.object({ metrics: z.array(z.array(z.unknown())).optional() }) })),
});

/** What the body of an `AWS::CloudWatch::Dashboard` shows. Throws an `UnknownAtSynthError` when it is not JSON at synth. */
export function metricsOn(dashboard: Resource): ShownMetric[] {
  const { text, references } = textWithMarks(dashboard.properties['DashboardBody']);
  const body = bodySchema.safeParse(parsed(text));
  if (!body.success) throw new UnknownAtSynthError(dashboard.path, 'DashboardBody', text.slice(0, 80));
  const metrics = body.data.widgets.flatMap(({ properties }) => properties.metrics ?? []);
  return metrics.flatMap((metric) => shown(metric, references));
}

/** `[namespace, name, dimension, value, …, options]` (CloudWatch, dashboard body structure); an expression is an object alone. */
function shown(metric: readonly unknown[], references: ReadonlyMap<string, unknown>): ShownMetric[] {
  const [namespace, metricName, ...rest] = metric.filter((part) => typeof part === 'string');
  if (namespace === undefined || metricName === undefined) return [];
  const pairs = rest.flatMap((part, index): [string, unknown][] =>
    index % 2 === 0 ? [[part, references.get(rest[index + 1] ?? '') ?? rest[index + 1]]] : [],
  );
  return [{ namespace, metricName, dimensions: new Map(pairs) }];
}

/** Each reference in the text as a mark that no name can be. */
function textWithMarks(value: unknown): { text: string; references: ReadonlyMap<string, unknown> } {
  const references = new Map<string, unknown>();
  const parts = isRecord(value) ? at(value, 'Fn::Join').slice(1) : [value];
  const text = parts.map((part) => {
    if (typeof part === 'string') return part;
    const mark = `<reference ${references.size}>`;
    references.set(mark, part);
    return mark;
  });
  return { text: text.join(''), references };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
