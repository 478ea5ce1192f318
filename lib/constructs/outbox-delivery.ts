import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { BrokerEnv, Given } from '../../lambdas/shared/broker/env.ts';
import type { RelayEnv } from '../../lambdas/shared/outbox/env.ts';
import type { Config } from '../config-shape.ts';
import type { Exceptions } from './exceptions.ts';
import { grantOnTable } from './grant-on-table.ts';
import type { NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';

/** What the outbox is kept in. */
export interface OutboxTables {
  readonly rows: TableV2;
  /** Aggregates that wait for one of their rows. */
  readonly holds: TableV2;
  /** Where rows go that cannot be delivered. */
  readonly exceptions: Exceptions;
}

/** The index of undelivered rows. */
export const undeliveredIndexName = 'Undelivered';

/** What both functions that deliver rows are given. */
export interface OutboxDeliveryProps extends Omit<NodeFunctionProps, 'folder' | 'environment'> {
  readonly tables: OutboxTables;
  readonly config: Config['outbox'];
  readonly brokerEnvironment: Given<BrokerEnv>;
  readonly onCall: OnCall;
}

export function relayEnvironment({ tables, config, brokerEnvironment }: OutboxDeliveryProps): Given<RelayEnv> {
  return {
    ...brokerEnvironment,
    OUTBOX_TABLE: tables.rows.tableName,
    OUTBOX_KEEP_SECONDS: String(config.keepRelayed.toSeconds()),
    OUTBOX_HOLDS_TABLE: tables.holds.tableName,
    ...tables.exceptions.environment,
  };
}

export function grantDelivery(fn: IFunction, { rows, holds, exceptions }: OutboxTables): void {
  grantOnTable(fn, rows, 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, holds, 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  exceptions.grantOpen(fn);
}
