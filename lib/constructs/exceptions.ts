import type { Duration } from 'aws-cdk-lib';
import {
  AttributeType,
  type GlobalSecondaryIndexPropsV2,
  type ITable,
  ProjectionType,
  StreamViewType,
  type TablePropsV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ExceptionsEnv } from '../../lambdas/shared/exceptions/env.ts';
import { grantOnTable } from './grant-on-table.ts';

/** What a list shows of a row. The message itself is read by its key, one at a time. */
const listed = [
  'place',
  'created_at',
  'last_at',
  'occurrences',
  'version',
  'state',
  'reason',
  'error_name',
  'error_message',
  'fingerprint',
  'business_key',
];

/** Each way to find rows, newest last, is an index by this attribute and the time of the last occurrence. */
const foundBy = { ByState: 'state', ByFingerprint: 'fingerprint', ByBusinessKey: 'business_key', ByPlace: 'place' };

export const exceptionsIndexes: readonly string[] = Object.keys(foundBy);

export const exceptionsTableProps: TablePropsV2 = {
  partitionKey: { name: 'event_id', type: AttributeType.STRING },
  sortKey: { name: 'source', type: AttributeType.STRING },
  timeToLiveAttribute: 'expires_at',
  dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  globalSecondaryIndexes: Object.entries(foundBy).map(
    ([indexName, attribute]): GlobalSecondaryIndexPropsV2 => ({
      indexName,
      partitionKey: { name: attribute, type: AttributeType.STRING },
      sortKey: { name: 'last_at', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: listed.filter((name) => name !== attribute && name !== 'last_at'),
    }),
  ),
};

/** The table of messages that wait for a person, for whoever writes it. */
export class Exceptions {
  readonly table: ITable;
  readonly environment: Record<keyof ExceptionsEnv, string>;

  constructor(table: ITable, { keepResolved }: { readonly keepResolved: Duration }) {
    this.table = table;
    this.environment = {
      EXCEPTIONS_TABLE: table.tableName,
      EXCEPTIONS_KEEP_SECONDS: String(keepResolved.toSeconds()),
    };
  }

  grantOpen(fn: IFunction): void {
    grantOnTable(fn, this.table, 'dynamodb:UpdateItem');
  }

  grantReplay(fn: IFunction): void {
    grantOnTable(fn, this.table, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }
}
