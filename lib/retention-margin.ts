import { Duration } from 'aws-cdk-lib';
import { retentionMargin } from './config.ts';

/** How long before SQS deletes a message it is taken out of its queue: the usual margin, of a short retention at most a quarter. */
export function marginOf(retention: Duration): Duration {
  return Duration.seconds(Math.floor(Math.min(retentionMargin.toSeconds(), retention.toSeconds() / 4)));
}
