import { z } from 'zod';
import type { Consumer } from '../shared/consumer/consumer.ts';
import type { HttpPost } from '../shared/http/http-post.ts';
import { judgeAnswer } from '../shared/http/judge-answer.ts';
import { orderEventSchema } from '../shared/orders/order-event.ts';

export interface FulfilmentDeps {
  /** To the merchant's fulfilment endpoint. */
  readonly post: HttpPost;
  readonly mostRetryAfterSeconds: number;
  readonly now: () => Date;
}

const paidOrderSchema = orderEventSchema.extend({
  // It goes into a header, which takes printable ASCII; WeChat Pay allows letters, digits and _-|* in it.
  out_trade_no: z.string().regex(/^[!-~]{1,32}$/),
  state: z.literal('PAID'),
});

export type PaidOrder = z.infer<typeof paidOrderSchema>;

/** What the merchant keys its work by. */
export const idempotencyKeyHeader = 'idempotency-key';

/** One effect per order. It is the merchant's key too, so it MUST NOT change: the same order under another key is done again. */
export function fulfilmentBusinessKey({ out_trade_no }: Pick<PaidOrder, 'out_trade_no'>): string {
  return `fulfilment:${out_trade_no}`;
}

/** Asks the merchant to fulfil a paid order: by one request, and by the same one again for as long as nobody said that it is done. */
export function createFulfilmentConsumer({ post, mostRetryAfterSeconds, now }: FulfilmentDeps): Consumer<PaidOrder> {
  return {
    queue: 'fulfilment.requests',
    schema: paidOrderSchema,
    businessKey: fulfilmentBusinessKey,
    comparable: ({ amount, transaction_id = '' }) => [amount.total, amount.currency, transaction_id],
    async handle({ body: order, log, deadline }) {
      const answer = await post({
        headers: { [idempotencyKeyHeader]: fulfilmentBusinessKey(order) },
        body: requestOf(order),
        deadline,
      });
      judgeAnswer(answer, { now: now(), mostRetryAfterSeconds });
      log.info('fulfilment asked for', { out_trade_no: order.out_trade_no, status: answer.status });
    },
  };
}

/** Only what `comparable` holds the same: a merchant refuses its key with other content, and two events of one order may tell other times. */
function requestOf({ out_trade_no, transaction_id, amount }: PaidOrder) {
  return { out_trade_no, transaction_id, amount: { total: amount.total, currency: amount.currency } };
}
