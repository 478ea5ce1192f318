import { z } from 'zod';

const item = {
  /** Of whoever keeps the goods. */
  sku: z.string().regex(/^[!-~]{1,64}$/, '1 to 64 printable ASCII characters without spaces'),
  quantity: z.int().positive().max(1_000_000),
};

/** What is ordered. One transaction reserves all of it: no more than fit beside the order's own rows (100), and each sku once. */
export const itemsSchema = listOf(z.object(item));

/** Of a new order: what is not here would be kept, and told to nobody. */
export const newItemsSchema = listOf(z.strictObject(item));

export type Items = z.infer<typeof itemsSchema>;

function listOf<Item extends z.ZodType<{ readonly sku: string }>>(schema: Item) {
  return z
    .array(schema)
    .min(1)
    .max(20)
    .refine((items) => new Set(items.map(({ sku }) => sku)).size === items.length, 'a sku is there twice')
    .readonly();
}
