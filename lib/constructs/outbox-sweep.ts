import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/outbox-sweep/env.ts';
import type { Given } from '../../lambdas/shared/broker/env.ts';
import { alarmAbove } from './alarm-above.ts';
import { countedBy } from './counted-by.ts';
import { grantOnTable, grantQueryOnIndex } from './grant-on-table.ts';
import { NodeFunction } from './node-function.ts';
import { grantDelivery, type OutboxDeliveryProps, relayEnvironment, undeliveredIndexName } from './outbox-delivery.ts';
import { runEvery } from './run-every.ts';

const folder = 'outbox-sweep';
const runbook = '#the-outbox-does-not-deliver';

/** Once a minute, tries again what the relay could not deliver; on-call hears of rows that are overdue, and when it fails itself. */
export class OutboxSweep extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: OutboxDeliveryProps) {
    super(scope, id);
    const { tables, config, brokerEnvironment: _, onCall, ...size } = props;
    const environment: Given<Env> = {
      ...relayEnvironment(props),
      OUTBOX_OVERDUE_AFTER_SECONDS: String(config.overdueAfter.toSeconds()),
      OUTBOX_GIVE_UP_AFTER_SECONDS: String(config.giveUpAfter.toSeconds()),
    };
    const { fn } = new NodeFunction(this, 'Function', { ...size, folder, environment });
    this.fn = fn;
    grantDelivery(fn, tables);
    grantOnTable(fn, tables.holds, 'dynamodb:Scan', 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    grantQueryOnIndex(fn, tables.rows, undeliveredIndexName);
    runEvery(this, 'EveryMinute', fn, Duration.minutes(1));
    const overdue = alarmAbove(this, 'Overdue', {
      metric: countedBy(folder, 'OutboxRowsOverdue'),
      threshold: 0,
      impact: `Outbox rows are undelivered for ${config.overdueAfter.toMinutes()} minutes: a queue does not answer or refuses them, or the relay does not work. They wait in the outbox table, in order, and are tried once a minute.`,
      runbook,
    });
    onCall.hearsOf(overdue);
    const fails = alarmAbove(this, 'Fails', {
      metric: fn.metricErrors({ period: Duration.minutes(15) }),
      threshold: 4,
      impact: 'The outbox sweep fails again and again: rows that could not be delivered at once stay undelivered.',
      runbook,
    });
    onCall.hearsOf(fails);
  }
}
