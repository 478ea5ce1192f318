import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ifItHolds } from '../aws/if-it-holds.ts';
import { moveSchema } from './move.ts';
import type { MovesStore } from './moves-store.ts';

/** Beside them are the stamps of keys, under other names. */
export const rowId = (table: string): string => `move#${table}`;

export function createDynamoDbMoves(client: DynamoDBDocumentClient, TableName: string): MovesStore {
  return {
    async find(table) {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: { id: rowId(table) }, ConsistentRead: true }),
      );
      return Item && moveSchema.parse(Item);
    },
    async save(move) {
      const saved = { ...move, version: move.version + 1 };
      const isNext = new PutCommand({
        TableName,
        Item: { id: rowId(move.table), ...saved },
        ConditionExpression: move.version === 0 ? 'attribute_not_exists(id)' : '#version = :version',
        ...(move.version > 0 && {
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': move.version },
        }),
      });
      return (await ifItHolds(client.send(isNext))) ? saved : undefined;
    },
  };
}
