import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { ifItHolds } from '../aws/if-it-holds.ts';
import { noticeRow } from './notice-row.ts';
import type { Notices } from './notices.ts';

export function createDynamoDbNotices(client: DynamoDBDocumentClient, table: string): Notices {
  return {
    async get(fingerprint) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { fingerprint }, ConsistentRead: true }),
      );
      return Item && noticeRow(Item);
    },

    async put(row, seen) {
      const isUnchanged =
        seen === undefined
          ? { ConditionExpression: 'attribute_not_exists(fingerprint)' }
          : { ConditionExpression: 'version = :seen', ExpressionAttributeValues: { ':seen': seen } };
      return await ifItHolds(client.send(new PutCommand({ TableName: table, Item: row, ...isUnchanged })));
    },

    // A row for each kind of failure of the last months: few.
    async *all() {
      for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
        yield* Items.map(noticeRow);
      }
    },
  };
}
