import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { Config } from '../config-shape.ts';
import { grantOnTable } from './grant-on-table.ts';

type CircuitEnv = Pick<ConsumerEnv, 'CIRCUITS_TABLE' | 'CIRCUIT_OPENS_AFTER' | 'CIRCUIT_FIRST_PROBE_SECONDS'>;

/** The table of consumers that take no messages because what they need is down, for consumers. */
export class Circuits {
  readonly table: ITable;
  readonly environment: Record<keyof CircuitEnv, string>;

  constructor(table: ITable, { opensAfter, firstProbe }: Config['circuit']) {
    this.table = table;
    this.environment = {
      CIRCUITS_TABLE: table.tableName,
      CIRCUIT_OPENS_AFTER: String(opensAfter),
      CIRCUIT_FIRST_PROBE_SECONDS: String(firstProbe.toSeconds()),
    };
  }

  /** To read its own, and to open it. */
  grantOpen(fn: IFunction): void {
    grantOnTable(fn, this.table, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** To look after all of them. */
  grantLookAfter(fn: IFunction): void {
    grantOnTable(fn, this.table, 'dynamodb:Scan', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
  }
}
