import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { alarmAbove } from './alarm-above.ts';
import type { OnCall } from './on-call.ts';

/** On-call hears of every new exception of the function. `service` is its folder, as its metrics have it. */
export function exceptionsAlarm(fn: IFunction, service: string, onCall: OnCall): void {
  const alarm = alarmAbove(fn, 'Exceptions', {
    metric: countedBy(service, 'ExceptionsOpened'),
    threshold: 0,
    impact: `${service} has messages that it can neither deliver nor handle: each is an open row of the exceptions table, which says why, and nobody gets it until somebody acts.`,
  });
  onCall.hearsOf(alarm);
}

/** What a function counts without dimensions of its own (EMF): Powertools adds its name as `service`. */
export function countedBy(service: string, metricName: string): Metric {
  return new Metric({
    namespace: 'Warren',
    metricName,
    dimensionsMap: { service },
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}
