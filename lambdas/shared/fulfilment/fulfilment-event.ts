import { z } from 'zod';
import { orderEventSchema } from '../orders/order-event.ts';

const { out_trade_no, transaction_id } = orderEventSchema.shape;

/** What the merchant answered to a paid order, for good. */
export const fulfilmentEventSchema = z
  .object({
    event: z.enum(['fulfilment.accepted', 'fulfilment.refused']),
    out_trade_no,
    transaction_id,
    code: z.string().optional().describe("The merchant's own word for why it refuses."),
  })
  .describe('Published to the exchange orders, under its event as routing key.');

export type FulfilmentEvent = z.infer<typeof fulfilmentEventSchema>;
