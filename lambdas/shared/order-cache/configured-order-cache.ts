import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbOrderCache } from './dynamodb-order-cache.ts';
import type { OrderCacheEnv } from './env.ts';
import type { OrderCache } from './order-cache.ts';
import { createValkeyConnection } from './valkey-connection.ts';
import { createValkeyOrderCache } from './valkey-order-cache.ts';

/** Valkey where there is one, else the table. One of them alone: two caches would have to be kept alike. */
export function configuredOrderCache(
  { VALKEY_URL, ORDER_CACHE_TABLE, ORDER_CACHE_LIFE_SECONDS }: OrderCacheEnv,
  { documents, now }: { readonly documents: DynamoDBDocumentClient; readonly now: () => Date },
): OrderCache {
  const lifeSeconds = ORDER_CACHE_LIFE_SECONDS;
  if (VALKEY_URL !== '') return createValkeyOrderCache(createValkeyConnection(VALKEY_URL), { lifeSeconds });
  return createDynamoDbOrderCache(documents, { table: ORDER_CACHE_TABLE, lifeSeconds, now });
}
