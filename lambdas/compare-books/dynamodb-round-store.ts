import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type RoundStore, roundSchema } from './round.ts';

/** Beside the sequences: no sequence is called so. The function may write this item, and no other of the table. */
export const roundKey = '#compare-books';

/** An item holds 400 KB (DynamoDB, ServiceQuotas): the counts of some four thousand kinds of goods, with numbers of ten characters. */
export function createDynamoDbRoundStore(client: DynamoDBDocumentClient, TableName: string): RoundStore {
  const Key = { sequence: roundKey };
  return {
    async load() {
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && roundSchema.parse(Item);
    },
    async save(round) {
      await client.send(new PutCommand({ TableName, Item: { ...round, ...Key } }));
    },
  };
}
