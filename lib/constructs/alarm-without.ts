import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { describeAlarm, type Runbook } from './runbook.ts';

export interface AlarmWithoutProps {
  /** Counts what should come in every period. */
  readonly metric: IMetric;
  /** How many in a row without it are still well, but for one. */
  readonly periods: number;
  /** Who is hurt, and how; on-call reads it. */
  readonly impact: string;
  readonly runbook: Runbook;
}

/** Rings when nothing comes. No data is just that. */
export function alarmWithout(
  scope: Construct,
  id: string,
  { metric, periods, impact, runbook }: AlarmWithoutProps,
): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: describeAlarm(impact, runbook),
    metric,
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
