import { z } from 'zod';

/** What the function `order-numbers` is asked: for new numbers, or what one of them is. */
export const orderNumbersRequestSchema = z.union([
  z.strictObject({ take: z.int().min(1).max(1000).describe('How many.') }),
  z.strictObject({ decode: z.string().min(1).max(64).describe('An order number.') }),
]);

export type OrderNumbersRequest = z.infer<typeof orderNumbersRequestSchema>;

export const takenSchema = z.object({
  order_numbers: z.array(z.string()).describe('Of 17 digits. Nobody else gets one of them.'),
});

export const decodedSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('decoded'),
    sequence: z.int().nonnegative().describe('Its place in the order in which numbers are given out, from 0.'),
    key_version: z.string(),
    is_given_out: z.boolean().describe('Its segment was taken. If not, it is not from here.'),
  }),
  z.object({ outcome: z.literal('refused'), reason: z.string() }),
]);

export type Taken = z.infer<typeof takenSchema>;
export type Decoded = z.infer<typeof decodedSchema>;
