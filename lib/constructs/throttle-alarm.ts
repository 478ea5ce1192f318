import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { alarmAbove } from './alarm-above.ts';
import type { OnCall } from './on-call.ts';

/** On-call hears when Lambda has refused to run the function in three periods of five minutes in a row: one throttle is no news, Lambda comes again. */
export function throttleAlarm(fn: IFunction, folder: string, onCall: OnCall): void {
  const throttled = alarmAbove(fn, 'Throttled', {
    metric: fn.metricThrottles({ period: Duration.minutes(5) }),
    threshold: 0,
    periods: 3,
    impact: `Lambda refuses to run ${folder}: the account has no concurrency left, or the function’s own is reserved too low. Its messages wait, and each refused batch counts as a receive: in the end they are among the dead letters without having been handled.`,
    runbook: '#a-consumer-is-throttled',
  });
  onCall.hearsOf(throttled);
}
