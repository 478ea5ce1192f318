import {
  type Alarm,
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  Dashboard,
  type IAlarm,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

export interface DashboardSection {
  readonly title: string;
  /** Row by row. */
  readonly rows: readonly (readonly IWidget[])[];
}

export interface StageDashboardProps {
  /** Dashboards have one name space per account, for all its regions. */
  readonly name: string;
  readonly alarms: readonly (Alarm | IAlarm)[];
  readonly sections: readonly DashboardSection[];
}

/** An alarm widget holds so many (CloudWatch, dashboard body structure). */
const alarmsPerWidget = 100;
const width = 24;

/** What somebody looks at first: which alarms ring, then section by section. */
export class StageDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, alarms, sections }: StageDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: name });
    for (const widget of alarmWidgets(alarms)) dashboard.addWidgets(widget);
    for (const { title, rows } of sections) {
      dashboard.addWidgets(new TextWidget({ markdown: `## ${title}`, width, height: 1 }));
      for (const row of rows) dashboard.addWidgets(...row);
    }
  }
}

function alarmWidgets(alarms: StageDashboardProps['alarms']): AlarmStatusWidget[] {
  const parts = Array.from({ length: Math.ceil(alarms.length / alarmsPerWidget) }, (_, at) =>
    alarms.slice(at * alarmsPerWidget, (at + 1) * alarmsPerWidget),
  );
  return parts.map(
    (part) =>
      new AlarmStatusWidget({
        title: 'Alarms: docs/operations.md says what to do about each',
        alarms: [...part],
        sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
        width,
        // Four in a line.
        height: 2 + Math.ceil(part.length / 4),
      }),
  );
}
