import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env, WatchEvent } from '../../lambdas/on-call-watch/env.ts';
import { alarmAbove } from './alarm-above.ts';
import { alarmWithout } from './alarm-without.ts';
import { countedBy } from './counted-by.ts';
import { grantOnTable } from './grant-on-table.ts';
import { NodeFunction } from './node-function.ts';
import { grantNotices, grantOnTopic, type NoticesProps, noticesEnvironment } from './notices.ts';
import type { OnCall } from './on-call.ts';
import { runDaily, runEvery } from './run-every.ts';

const folder = 'on-call-watch';
const runbook = '#on-call-may-be-deaf';

export interface OnCallWatchProps extends NoticesProps {
  /** Who hears of what on-call does not acknowledge; on-call itself, where there is nobody else. */
  readonly escalation: OnCall;
}

/** Once a minute: notices that are due, escalations, and a heartbeat whose absence rings. */
export class OnCallWatch extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: OnCallWatchProps) {
    super(scope, id);
    const { stage: _, notices, exceptions: __, onCall, escalation, config, ...size } = props;
    const environment: Record<keyof Env, string> = {
      ...noticesEnvironment(props),
      ESCALATION_TOPIC_ARN: escalation.topic.topicArn,
    };
    const { fn } = new NodeFunction(this, 'Function', { ...size, folder, environment });
    this.fn = fn;
    grantNotices(fn, props);
    grantOnTable(fn, notices, 'dynamodb:Scan');
    const everybody = new Set([onCall, escalation]);
    for (const one of everybody) grantOnTopic(fn, one, 'sns:Publish', 'sns:GetTopicAttributes');
    runEvery(this, 'EveryMinute', fn, Duration.minutes(1));
    const { heartbeatDaily } = config.onCall;
    if (heartbeatDaily) {
      const event: WatchEvent = { tellsHeartbeat: true };
      runDaily(this, 'EveryDay', fn, { ...heartbeatDaily, event });
    }
    const deaf = alarmWithout(this, 'Deaf', {
      metric: countedBy(folder, 'OnCallHeartbeat'),
      periods: 2,
      impact:
        'On-call may be deaf: for ten minutes the watch could not read the notices, not send what was due, or nobody has confirmed that they listen. Look at the log of on-call-watch, and at the exceptions table: npx warren exceptions list.',
      runbook,
    });
    const fails = alarmAbove(this, 'Fails', {
      metric: fn.metricErrors({ period: Duration.minutes(15) }),
      threshold: 4,
      impact:
        'The on-call watch fails again and again: notices that could not be sent at once stay unsent, and nothing is escalated.',
      runbook,
    });
    for (const one of everybody) {
      one.hearsOf(deaf);
      one.hearsOf(fails);
    }
  }
}
