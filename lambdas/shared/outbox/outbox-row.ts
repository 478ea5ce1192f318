import { z } from 'zod';

/** A message that must be published because a state changed: written in the same transaction, relayed from the table's stream. */
export const outboxRowSchema = z.object({
  /** What the message is about, such as `order#<out_trade_no>`; rows of one aggregate are relayed in order. */
  aggregate: z.string().min(1),
  event_id: z.string().min(1),
  vhost: z.string(),
  exchange: z.string(),
  routing_key: z.string(),
  type: z.string(),
  payload: z.string(),
  created_at: z.iso.datetime({ offset: true }),
});

export type OutboxRow = z.infer<typeof outboxRowSchema>;
