import { z } from 'zod';

/** What an order has gone through, in whatever order it was told. */
export const sagaMarks = [
  'paid',
  'goods confirmed',
  'goods unavailable',
  'fulfilment accepted',
  'fulfilment refused',
  'refunding',
  'refunded',
] as const;

export type SagaMark = (typeof sagaMarks)[number];

/** The progress of an order from its payment on, as it is stored: what was told of it, and when that was. Marks are added, and never taken away. */
export const sagaRowSchema = z.object({
  out_trade_no: z.string(),
  marks: z.partialRecord(z.enum(sagaMarks), z.string()),
  /** The last that a person was told it hangs at, by which check; and the last check that sent the next one. */
  told: z.object({ waitsFor: z.string(), check: z.int(), last: z.int() }).optional(),
});

export type SagaRow = Readonly<z.infer<typeof sagaRowSchema>>;
