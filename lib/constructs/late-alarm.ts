import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type AlarmAboveProps, alarmAbove } from './alarm-above.ts';

export interface LateAlarmProps extends Pick<AlarmAboveProps, 'name' | 'impact' | 'runbook'> {
  readonly lateAfter: Duration;
}

/** Rings when the oldest message of the queue is older than that. */
export function lateAlarm(scope: Construct, queue: IQueue, { lateAfter, ...told }: LateAlarmProps, id = 'Late'): Alarm {
  return alarmAbove(scope, id, {
    metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
    threshold: lateAfter.toSeconds(),
    ...told,
  });
}
