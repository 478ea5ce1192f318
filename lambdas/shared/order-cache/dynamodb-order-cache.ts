import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { cachedOrderSchema } from './cached-order.ts';
import type { OrderCache } from './order-cache.ts';

export interface DynamoDbOrderCacheDeps {
  readonly table: string;
  readonly lifeSeconds: number;
  readonly now: () => Date;
}

/** Nothing is held, or nothing that is still alive (DynamoDB deletes within days), or no newer version. */
const nothingNewer = 'attribute_not_exists(out_trade_no) OR expires_at <= :now OR NOT #version > :version';

/** An item per order. For where there is no Valkey. */
export function createDynamoDbOrderCache(
  client: DynamoDBDocumentClient,
  { table, lifeSeconds, now }: DynamoDbOrderCacheDeps,
): OrderCache {
  const nowSeconds = (): number => Math.floor(now().getTime() / 1000);
  return {
    async get(out_trade_no) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { out_trade_no }, ConsistentRead: true }),
      );
      const isOver = !(Number(Item?.['expires_at']) > nowSeconds());
      return isOver ? undefined : cachedOrderSchema.safeParse(Item).data;
    },

    async put(order) {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...order, expires_at: nowSeconds() + lifeSeconds },
            ConditionExpression: nothingNewer,
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': order.version, ':now': nowSeconds() },
          }),
        );
        return 'stored';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'kept';
        throw error;
      }
    },
  };
}
