import type { RefundsConsumerDeps } from '../../../lambdas/refunds/refunds-consumer.ts';
import { RetryableError } from '../../../lambdas/shared/consumer/errors.ts';
import type { HttpPost } from '../../../lambdas/shared/http/http-post.ts';
import type { Items } from '../../../lambdas/shared/orders/items.ts';
import type { OrderState } from '../../../lambdas/shared/orders/order-event.ts';
import type { RefundRequest } from '../../../lambdas/shared/wechat-pay/api/refund.ts';
import type { PaymentSuccess } from '../../../lambdas/shared/wechat-pay/payment-success.ts';
import type { RefundSuccess } from '../../../lambdas/shared/wechat-pay/refund-result.ts';
import type { SimulatedBroker } from './simulated-broker.ts';

export interface OutsideOptions {
  readonly broker: SimulatedBroker;
  readonly random: () => number;
  readonly refuses: (out_trade_no: string) => boolean;
}

const told = (type: string, message_id: string, payload: object) => ({
  vhost: '/',
  exchange: 'payments',
  routingKeys: [type],
  properties: { message_id, type },
  headers: {},
  payload: JSON.stringify(payload),
  payloadEncoding: 'string' as const,
});

/** WeChat Pay, as far as money is concerned: what was paid, and what of it is back. Its books are the truth. */
export function createWechatPay({ broker, random }: OutsideOptions) {
  const payments = new Map<string, PaymentSuccess & { back: number }>();
  const refunds = new Map<string, RefundSuccess>();

  /** Under a number that it knows, it is the same refund. */
  function refund({ transaction_id, out_refund_no, amount }: RefundRequest, isPrompt = false): RefundSuccess {
    const payment = payments.get(transaction_id);
    if (!payment) throw new Error(`no payment ${transaction_id}`);
    const known = refunds.get(out_refund_no);
    if (!known) {
      payment.back += amount.refund;
      if (payment.back > payment.amount.total) throw new Error(`more than was paid goes back: ${out_refund_no}`);
    }
    const { mchid, out_trade_no } = payment;
    const made: RefundSuccess = known ?? {
      mchid,
      out_trade_no,
      transaction_id,
      out_refund_no,
      refund_id: `R${out_refund_no}`,
      refund_status: 'SUCCESS',
      success_time: broker.now().toISOString(),
      amount: { total: amount.total, refund: amount.refund },
    };
    refunds.set(out_refund_no, made);
    broker.publish(told('refund.success', `refund-${out_refund_no}`, made), 0, isPrompt);
    return made;
  }

  return {
    payments,
    pay(payment: PaymentSuccess): void {
      payments.set(payment.transaction_id, { ...payment, back: 0 });
      broker.publish(told('payment.success', `payment-${payment.transaction_id}`, payment));
    },
    refund,
    api: {
      async requestRefund(request) {
        if (random() < 0.1) throw new RetryableError('WeChat Pay does not answer');
        const { refund_status: status, ...made } = refund(request);
        if (random() < 0.1) throw new RetryableError('its answer is lost');
        return { ...made, status };
      },
    } satisfies RefundsConsumerDeps['api'],
  };
}

/** A merchant who keys its work, and sends things out, or says that it will not. */
export function createMerchant(
  { random, refuses }: OutsideOptions,
  stateOf: (out_trade_no: string) => Promise<OrderState | undefined>,
) {
  const sentOut = new Map<string, Items>();
  /** Of each order what it was when it was asked for. */
  const askedIn = new Map<string, OrderState | undefined>();
  const post: HttpPost = async ({ headers, body }) => {
    const { out_trade_no, items = [] } = body as { out_trade_no: string; items?: Items };
    askedIn.set(out_trade_no, await stateOf(out_trade_no));
    if (headers['idempotency-key'] !== `fulfilment:${out_trade_no}`) throw new Error('another key');
    if (random() < 0.1) return { status: 503, retryAfter: undefined };
    const isRefused = refuses(out_trade_no);
    if (!isRefused) sentOut.set(out_trade_no, items);
    if (random() < 0.1) throw new RetryableError('its answer is lost');
    if (!isRefused) return { status: 200, retryAfter: undefined };
    return { status: 422, retryAfter: undefined, body: '{"outcome":"refused","code":"OUT_OF_RANGE"}' };
  };
  return { post, sentOut, askedIn };
}
