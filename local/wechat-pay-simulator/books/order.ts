import { z } from 'zod';

/** What a merchant asked for; the same number with other terms is another order, and refused. */
export const termsSchema = z.object({
  out_trade_no: z.string(),
  mchid: z.string(),
  appid: z.string(),
  description: z.string(),
  attach: z.string().optional(),
  notify_url: z.string(),
  time_expire: z.string().optional(),
  trade_type: z.enum(['NATIVE', 'JSAPI']),
  openid: z.string().optional(),
  amount: z.object({ total: z.int(), currency: z.string() }),
});
export type Terms = z.infer<typeof termsSchema>;

const paymentSchema = z.object({ transaction_id: z.string(), success_time: z.string(), openid: z.string() });

export const orderSchema = z.object({
  terms: termsSchema,
  create_time: z.string(),
  /** The code_url or prepay_id that was answered. */
  ticket: z.string(),
  state: z.discriminatedUnion('trade_state', [
    z.object({ trade_state: z.literal('NOTPAY') }),
    z.object({ trade_state: z.literal('CLOSED') }),
    z.object({ trade_state: z.literal('SUCCESS'), payment: paymentSchema }),
    /** Paid, and a refund was asked for. */
    z.object({ trade_state: z.literal('REFUND'), payment: paymentSchema }),
  ]),
});
export type Order = z.infer<typeof orderSchema>;
export type Payment = z.infer<typeof paymentSchema>;
export type PaidOrder = Order & { state: { payment: Payment } };

export function isPaid(order: Order): order is PaidOrder {
  return 'payment' in order.state;
}

const descriptions: Readonly<Record<Order['state']['trade_state'], string>> = {
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
  SUCCESS: '支付成功',
  REFUND: '转入退款',
};

/** As the query answers it; a notification tells the same of a paid order. */
export function toTransaction(order: Order) {
  const { terms, state } = order;
  const { mchid, appid, out_trade_no, attach = '', amount } = terms;
  const { trade_state } = state;
  const common = { mchid, appid, out_trade_no, attach, trade_state, trade_state_desc: descriptions[trade_state] };
  if (!isPaid(order)) {
    return { ...common, amount: { ...amount, payer_currency: amount.currency }, payer: {}, promotion_detail: [] };
  }
  const { transaction_id, success_time, openid } = order.state.payment;
  return {
    ...common,
    transaction_id,
    trade_type: terms.trade_type,
    bank_type: 'OTHERS',
    success_time,
    payer: { openid },
    amount: { ...amount, payer_total: amount.total, payer_currency: amount.currency },
    promotion_detail: [],
  };
}
