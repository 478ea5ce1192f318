import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/outbox-sweep/env.ts';
import { alarmAbove } from './alarm-above.ts';
import { countedBy, exceptionsAlarm } from './exceptions-alarm.ts';
import { grantOnTable, grantQueryOnIndex } from './grant-on-table.ts';
import { NodeFunction } from './node-function.ts';
import { grantDelivery, type OutboxDeliveryProps, relayEnvironment, undeliveredIndexName } from './outbox-delivery.ts';

const folder = 'outbox-sweep';

/** Once a minute, tries again what the relay could not deliver; on-call hears of rows that are overdue, and when it fails itself. */
export class OutboxSweep extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: OutboxDeliveryProps) {
    super(scope, id);
    const { tables, config, brokerEnvironment: _, onCall, ...size } = props;
    const environment: Record<keyof Env, string> = {
      ...relayEnvironment(props),
      OUTBOX_OVERDUE_AFTER_SECONDS: String(config.overdueAfter.toSeconds()),
      OUTBOX_GIVE_UP_AFTER_SECONDS: String(config.giveUpAfter.toSeconds()),
    };
    const { fn } = new NodeFunction(this, 'Function', { ...size, folder, environment });
    this.fn = fn;
    grantDelivery(fn, tables);
    grantOnTable(fn, tables.holds, 'dynamodb:Scan', 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    grantQueryOnIndex(fn, tables.rows, undeliveredIndexName);
    this.runEveryMinute(fn);
    const overdue = alarmAbove(this, 'Overdue', {
      metric: countedBy(folder, 'OutboxRowsOverdue'),
      threshold: 0,
      impact: `Outbox rows are undelivered for ${config.overdueAfter.toMinutes()} minutes: a queue does not answer or refuses them, or the relay does not work. They wait in the outbox table, in order, and are tried once a minute.`,
    });
    onCall.hearsOf(overdue);
    const fails = alarmAbove(this, 'Fails', {
      metric: fn.metricErrors({ period: Duration.minutes(15) }),
      threshold: 4,
      impact: 'The outbox sweep fails again and again: rows that could not be delivered at once stay undelivered.',
    });
    onCall.hearsOf(fails);
    exceptionsAlarm(fn, folder, onCall);
  }
  /** The next run comes in a minute: a second try of one would only run beside it. */
  private runEveryMinute(fn: LambdaFunction): void {
    const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
    fn.configureAsyncInvoke(once);
    const rule = new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(fn, once)],
    });
    const reason = 'A run that is lost holds nothing: the next one, a minute later, reads the same tables.';
    Validations.of(fn).acknowledge({ id: 'Serverless::Serverless-LambdaAsyncFailureDestination', reason });
    Validations.of(rule).acknowledge({ id: 'Serverless::Serverless-EventBusDLQ', reason });
  }
}
