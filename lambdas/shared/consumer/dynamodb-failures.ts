import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Failures } from './failures.ts';

export interface DynamoDbFailuresDeps {
  /** The idempotency table: its keys are strings, and it forgets what has expired. */
  readonly table: string;
  /** Of the queue. */
  readonly keyPrefix: string;
  readonly expiresAfterSeconds: number;
  readonly now: () => Date;
}

const rowSchema = z.object({ failures: z.int().nonnegative().default(0) });

/** One item per message that has failed, beside those of Powertools, whose keys end in a hash. */
export function createDynamoDbFailures(
  client: DynamoDBDocumentClient,
  { table, keyPrefix, expiresAfterSeconds, now }: DynamoDbFailuresDeps,
): Failures {
  const item = (id: string) => ({ TableName: table, Key: { id: `${keyPrefix}#failures#${id}` } });
  return {
    async add(id) {
      const { Attributes } = await client.send(
        new UpdateCommand({
          ...item(id),
          UpdateExpression: 'ADD failures :one SET expiration = :expiration',
          ExpressionAttributeValues: {
            ':one': 1,
            ':expiration': Math.floor(now().getTime() / 1000) + expiresAfterSeconds,
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return rowSchema.parse(Attributes).failures;
    },
    async count(id) {
      const { Item } = await client.send(new GetCommand({ ...item(id), ConsistentRead: true }));
      return rowSchema.parse(Item ?? {}).failures;
    },
    async forget(id) {
      await client.send(new DeleteCommand(item(id)));
    },
  };
}
