import type { OrderBooks } from '../books/books.ts';
import { orderKey } from '../books/describe-difference.ts';
import { paymentBusinessKey } from '../wechat-pay/payment-success.ts';
import { refundBusinessKey } from '../wechat-pay/refund-result.ts';

/** `fulfilmentBusinessKey` of `lambdas/fulfilment`; a test holds both to the same. */
export const fulfilmentKey = (out_trade_no: string): string => `fulfilment:${out_trade_no}`;

const refundStatuses = ['SUCCESS', 'ABNORMAL', 'CLOSED'] as const;

/** What the effects on an order are called where messages are handled, and its differences. A test holds them to what the consumers say. */
export function businessKeysOf({ out_trade_no, order, refunds }: OrderBooks): string[] {
  const mchid = order?.mchid ?? '';
  const payment = order?.transaction_id;
  return [
    orderKey(out_trade_no),
    fulfilmentKey(out_trade_no),
    `order:${out_trade_no}:payment.overdue`,
    ...(payment === undefined ? [] : [paymentBusinessKey({ mchid, transaction_id: payment })]),
    ...refunds.flatMap(({ out_refund_no }) => [
      `refund:${out_refund_no}:requested`,
      ...refundStatuses.map((refund_status) => refundBusinessKey({ mchid, out_refund_no, refund_status })),
    ]),
  ];
}
