import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { idempotencyId } from '../consumer/idempotency-id.ts';
import { sagaRowSchema } from '../saga/saga-row.ts';
import { fulfilmentKey } from './business-keys.ts';
import type { StorySources } from './story-facts.ts';

/** Of `lambdas/fulfilment`, which keeps its records under that name; a test holds both to the same. */
export const fulfilmentQueue = 'fulfilment.requests';

const recordSchema = z.object({ status: z.string(), in_progress_expiration: z.number().optional() });

export function createDynamoDbStorySources(
  client: DynamoDBDocumentClient,
  tables: Readonly<Record<'sagas' | 'idempotency', string>>,
): StorySources {
  const get = async (TableName: string, Key: Record<string, string>): Promise<unknown> => {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  };
  return {
    async saga(out_trade_no) {
      const item = await get(tables.sagas, { out_trade_no });
      return item === undefined ? undefined : sagaRowSchema.parse(item);
    },
    async fulfilment(out_trade_no) {
      const id = idempotencyId(fulfilmentQueue, fulfilmentKey(out_trade_no));
      const item = await get(tables.idempotency, { id });
      if (item === undefined) return undefined;
      const { status, in_progress_expiration: until } = recordSchema.parse(item);
      return {
        isDone: status === 'COMPLETED',
        lockedUntil: until === undefined ? undefined : new Date(until).toISOString(),
      };
    },
  };
}
