import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';

/** A table of the test's own, with string keys as ours all have. */
export interface TestTable {
  readonly name: string;
  items(): Promise<Record<string, unknown>[]>;
}

/** Before all tests of the `describe` it is called in, until after them. */
export function tableFor(documents: DynamoDBDocumentClient, partitionKey: string, sortKey?: string): TestTable {
  const name = `contract-${randomUUID()}`;
  const keys = [[partitionKey, 'HASH'], ...(sortKey === undefined ? [] : ([[sortKey, 'RANGE']] as const))] as const;
  beforeAll(async () => {
    await documents.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
      }),
    );
  });
  afterAll(async () => {
    await documents.send(new DeleteTableCommand({ TableName: name }));
  });
  return {
    name,
    async items() {
      const all: Record<string, unknown>[] = [];
      for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: name, ConsistentRead: true }))
        all.push(...Items);
      return all;
    },
  };
}
