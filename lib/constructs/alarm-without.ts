import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface AlarmWithoutProps {
  /** Counts what should come in every period. */
  readonly metric: IMetric;
  /** How many in a row without it are still well, but for one. */
  readonly periods: number;
  /** Who is hurt, and how; on-call reads it. */
  readonly impact: string;
}

/** Rings when nothing comes. No data is just that. */
export function alarmWithout(scope: Construct, id: string, { metric, periods, impact }: AlarmWithoutProps): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: impact,
    metric,
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
