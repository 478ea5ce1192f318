import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Rings as soon as the queue holds a message. `impact` says who is hurt; on-call reads it. */
export function depthAlarm(scope: Construct, id: string, queue: IQueue, impact: string): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: impact,
    // Depth, not NumberOfMessagesSent: that metric is silent about messages SQS moves here by itself.
    metric: queue.metricApproximateNumberOfMessagesVisible(),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
