import { z } from 'zod';

const itemSchema = z.object({
  /** Of whoever keeps the goods. */
  sku: z.string().regex(/^[!-~]{1,64}$/, '1 to 64 printable ASCII characters without spaces'),
  quantity: z.int().positive().max(1_000_000),
});

/** What is ordered. One transaction reserves all of it: no more than fit beside the order's own rows (100), and each sku once. */
export const itemsSchema = z
  .array(itemSchema)
  .min(1)
  .max(20)
  .refine((items) => new Set(items.map(({ sku }) => sku)).size === items.length, 'a sku is there twice')
  .readonly();

export type Items = z.infer<typeof itemsSchema>;
