import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface AlarmAboveProps {
  readonly metric: IMetric;
  /** The highest value that is still well. */
  readonly threshold: number;
  /** Who is hurt, and how; on-call reads it. */
  readonly impact: string;
}

/** Rings as soon as the metric is above the threshold for one period. No data means that nothing happened. */
export function alarmAbove(scope: Construct, id: string, { metric, threshold, impact }: AlarmAboveProps): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: impact,
    metric,
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** Rings as soon as the queue holds a message. `impact` says who is hurt; on-call reads it. */
export function depthAlarm(scope: Construct, id: string, queue: IQueue, impact: string): Alarm {
  // Depth, not NumberOfMessagesSent: that metric is silent about messages SQS moves here by itself.
  return alarmAbove(scope, id, { metric: queue.metricApproximateNumberOfMessagesVisible(), threshold: 0, impact });
}
