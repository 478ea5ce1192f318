import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { describeAlarm, type Runbook } from './runbook.ts';

export interface AlarmAboveProps {
  /** Default: CloudFormation's choice. */
  readonly name?: string | undefined;
  readonly metric: IMetric;
  /** The highest value that is still well. */
  readonly threshold: number;
  /** How many in a row must be above. Default: one. */
  readonly periods?: number;
  /** Who is hurt, and how; on-call reads it. */
  readonly impact: string;
  readonly runbook: Runbook;
}

/** Rings as soon as the metric is above the threshold for one period, or as many as are given. No data means that nothing happened. */
export function alarmAbove(
  scope: Construct,
  id: string,
  { name, metric, threshold, periods = 1, impact, runbook }: AlarmAboveProps,
): Alarm {
  return new Alarm(scope, id, {
    ...(name !== undefined && { alarmName: name }),
    alarmDescription: describeAlarm(impact, runbook),
    metric,
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** Rings as soon as the queue holds a message. `impact` says who is hurt; on-call reads it. */
export function depthAlarm(
  scope: Construct,
  id: string,
  queue: IQueue,
  told: Pick<AlarmAboveProps, 'name' | 'impact' | 'runbook'>,
): Alarm {
  // Depth, not NumberOfMessagesSent: that metric is silent about messages SQS moves here by itself.
  return alarmAbove(scope, id, { metric: queue.metricApproximateNumberOfMessagesVisible(), threshold: 0, ...told });
}
