import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { alarmAbove } from './alarm-above.ts';
import type { OnCall } from './on-call.ts';

/** Throttled because of one partition, and for no other reason: neither the table's nor the account's limit (DynamoDB, metrics and dimensions). */
const metrics = {
  reads: 'ReadKeyRangeThroughputThrottleEvents',
  writes: 'WriteKeyRangeThroughputThrottleEvents',
} as const;

/**
 * On-call hears when DynamoDB throttles a key of the table or of one of its indexes in three periods of five minutes in a row: whoever is throttled
 * comes again, and a short rush is over before anybody could act. `subject`: what people call the table.
 */
export function hotKeyAlarms(table: TableV2, subject: string, indexes: readonly string[], onCall: OnCall): void {
  for (const [kind, metricName] of Object.entries(metrics)) {
    for (const index of [undefined, ...indexes]) {
      const place = index === undefined ? subject : `${subject}, index ${index}`;
      const hot = alarmAbove(table, `Hot-${kind}${index === undefined ? '' : `-${index}`}`, {
        metric: new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap: {
            TableName: table.tableName,
            ...(index !== undefined && { GlobalSecondaryIndexName: index }),
          },
          statistic: 'Sum',
          period: Duration.minutes(5),
        }),
        threshold: 0,
        periods: 3,
        impact: `DynamoDB throttles ${kind} of ${place}: so many come to one key that its partition is full. What they belong to is tried again, and late; npx warren hot-keys shows the key.`,
        runbook: '#a-key-is-hot',
      });
      onCall.hearsOf(hot);
    }
  }
}
