import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import type { RelayEnv } from '../../lambdas/shared/outbox/env.ts';
import type { Config } from '../config.ts';
import { alarmAbove } from './alarm-above.ts';
import { grantOnTable } from './grant-on-table.ts';
import type { NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';

/** What the outbox is kept in. */
export interface OutboxTables {
  readonly rows: TableV2;
  /** Aggregates that wait for one of their rows. */
  readonly holds: TableV2;
  /** Where rows go that cannot be delivered. */
  readonly exceptions: TableV2;
}

/** The index of undelivered rows. */
export const undeliveredIndexName = 'Undelivered';

/** What both functions that deliver rows are given. */
export interface OutboxDeliveryProps extends Omit<NodeFunctionProps, 'folder' | 'environment'> {
  readonly tables: OutboxTables;
  readonly config: Config['outbox'];
  readonly brokerEnvironment: Record<keyof BrokerEnv, string>;
  readonly onCall: OnCall;
}

export function relayEnvironment({
  tables,
  config,
  brokerEnvironment,
}: OutboxDeliveryProps): Record<keyof RelayEnv, string> {
  return {
    ...brokerEnvironment,
    OUTBOX_TABLE: tables.rows.tableName,
    OUTBOX_KEEP_SECONDS: String(config.keepRelayed.toSeconds()),
    OUTBOX_HOLDS_TABLE: tables.holds.tableName,
    EXCEPTIONS_TABLE: tables.exceptions.tableName,
  };
}

export function grantDelivery(fn: IFunction, { rows, holds, exceptions }: OutboxTables): void {
  grantOnTable(fn, rows, 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, holds, 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, exceptions, 'dynamodb:UpdateItem');
}

/** On-call hears of every new exception of the function. `service` is its folder, as its metrics have it. */
export function exceptionsAlarm(fn: IFunction, service: string, onCall: OnCall): void {
  const alarm = alarmAbove(fn, 'Exceptions', {
    metric: countedBy(service, 'ExceptionsOpened'),
    threshold: 0,
    impact: `${service} has messages that it cannot deliver: each is an open row of the exceptions table, which says why, and nobody gets it until somebody acts.`,
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
