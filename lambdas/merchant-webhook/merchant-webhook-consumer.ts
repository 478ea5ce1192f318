import type { Consumer } from '../shared/consumer/consumer.ts';
import { PermanentError, RetryableError, UnavailableError } from '../shared/consumer/errors.ts';
import type { GuardedPost } from '../shared/http/guarded-post.ts';
import { retryAfterSeconds } from '../shared/http/judge-answer.ts';
import { webhookEvent } from '../shared/merchant-webhook/webhook-event.ts';
import { checkTold } from '../shared/orders/check-told.ts';
import { type OrderEvent, orderEventSchema } from '../shared/orders/order-event.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import { signWebhook } from './sign-webhook.ts';

export interface MerchantWebhookDeps {
  readonly orders: Pick<OrdersStore, 'find'>;
  /** To the merchant's webhook. */
  readonly post: GuardedPost;
  /** As they are in the secret now; the first one is the current one. */
  readonly keys: () => Promise<readonly Buffer[]>;
  readonly mostRetryAfterSeconds: number;
  readonly now: () => Date;
}

/** One effect per order and state: an order comes into each of its states once. */
export function webhookBusinessKey({ out_trade_no, state }: Pick<OrderEvent, 'out_trade_no' | 'state'>): string {
  return `merchant-webhook:${out_trade_no}:${state}`;
}

/** Tells the merchant what became of an order, as that is stored, by one signed request an attempt: until it answers 2xx, or the schedule of the queue is at its end. */
export function createMerchantWebhookConsumer(deps: MerchantWebhookDeps): Consumer<OrderEvent> {
  return {
    queue: 'merchant.notifications',
    schema: orderEventSchema,
    businessKey: webhookBusinessKey,
    comparable: ({ amount, transaction_id = '' }) => [amount.total, amount.currency, transaction_id],
    async handle({ body: event, message, log, deadline }) {
      const id = message.properties.message_id;
      refuseUnsendable(id);
      const order = await deps.orders.find(event.out_trade_no);
      // Signed, the merchant would believe it.
      if (!order) throw new PermanentError(`there is no order ${event.out_trade_no}`);
      checkTold(event, order);
      const body = JSON.stringify(webhookEvent(event));
      const now = deps.now();
      const answer = await deps.post({
        headers: { ...signWebhook({ id, now, body }, await keysNow(deps)) },
        body,
        deadline,
      });
      if (answer.status < 200 || answer.status > 299) throw notTold(answer, deps);
      log.info('merchant told', { out_trade_no: event.out_trade_no, state: event.state, status: answer.status });
    },
  };
}

/** Without a key nobody can be told anything: no fault of this notification, and a step of its schedule would be for nothing. */
async function keysNow({ keys }: Pick<MerchantWebhookDeps, 'keys'>): Promise<readonly Buffer[]> {
  try {
    return await keys();
  } catch (cause) {
    throw new UnavailableError('there is no key to sign with', { cause });
  }
}

/** It is a header: what is no printable ASCII would fail at each attempt. A dot ends it in what is signed. */
function refuseUnsendable(id: string): void {
  if (/^[!-~]{1,255}$/.test(id) && !id.includes('.')) return;
  throw new PermanentError('the event id is not 1 to 255 printable characters of ASCII without a dot');
}

/** Whatever the merchant answers: it may mean it, or be broken, and the next attempt costs one request. */
function notTold(
  { status, retryAfter }: Awaited<ReturnType<GuardedPost>>,
  { mostRetryAfterSeconds, now }: Pick<MerchantWebhookDeps, 'mostRetryAfterSeconds' | 'now'>,
): RetryableError {
  const ErrorClass = status >= 500 || status === 429 ? UnavailableError : RetryableError;
  return new ErrorClass(`the answer was ${status}`, {
    atLeastSeconds: Math.min(retryAfterSeconds(retryAfter, now()), mostRetryAfterSeconds),
  });
}
