import { z } from 'zod';

/** Where the order cache is. */
export const orderCacheEnvSchema = z.object({
  /** `redis://…`, with TLS `rediss://…`. Empty: there is no Valkey, and the table is the cache. */
  VALKEY_URL: z.union([z.literal(''), z.url({ protocol: /^rediss?$/ })]),
  ORDER_CACHE_TABLE: z.string().min(1),
  ORDER_CACHE_LIFE_SECONDS: z.coerce.number().int().positive(),
});

export type OrderCacheEnv = z.infer<typeof orderCacheEnvSchema>;
