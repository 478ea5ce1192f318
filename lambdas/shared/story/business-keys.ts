import { orderKey } from '../books/describe-difference.ts';
import { orderVersions } from '../orders/order-event.ts';
import { paymentBusinessKey } from '../wechat-pay/payment-success.ts';
import { refundBusinessKey } from '../wechat-pay/refund-result.ts';
import type { StoryFacts } from './story-facts.ts';

/** `fulfilmentBusinessKey` of `lambdas/fulfilment`; a test holds both to the same. */
export const fulfilmentKey = (out_trade_no: string): string => `fulfilment:${out_trade_no}`;

const refundStatuses = ['SUCCESS', 'ABNORMAL', 'CLOSED'] as const;
const states = Object.keys(orderVersions);
/** What the saga of an order is told. */
const sagaTold = [
  'PAID',
  'REFUNDING',
  'REFUNDED',
  'stock.confirmed',
  'stock.unavailable',
  'fulfilment.accepted',
  'fulfilment.refused',
] as const;

/** What the effects on an order are called where messages are handled, and its differences. A test holds them to what the consumers say. */
export function businessKeysOf({ books, saga }: Pick<StoryFacts, 'books' | 'saga'>): string[] {
  const { out_trade_no, order, refunds } = books;
  const mchid = order?.mchid ?? '';
  const payment = order?.transaction_id;
  return [
    orderKey(out_trade_no),
    fulfilmentKey(out_trade_no),
    `${fulfilmentKey(out_trade_no)}:waits-for-goods`,
    ...[...states, 'stock.expired'].map((told) => `stock:${out_trade_no}:${told}`),
    ...sagaTold.map((told) => `saga:${out_trade_no}:${told}`),
    ...checksOf(saga).map((check) => `saga:${out_trade_no}:saga.check:${check}`),
    ...states.map((state) => `merchant-webhook:${out_trade_no}:${state}`),
    `order:${out_trade_no}:payment.overdue`,
    ...(payment === undefined ? [] : [paymentBusinessKey({ mchid, transaction_id: payment })]),
    ...refunds.flatMap(({ out_refund_no }) => [
      `refund:${out_refund_no}:requested`,
      ...refundStatuses.map((refund_status) => refundBusinessKey({ mchid, out_refund_no, refund_status })),
    ]),
  ];
}

/** From the first to the one that is still to come: it may fail, too. */
function checksOf(saga: StoryFacts['saga']): number[] {
  return Array.from({ length: (saga?.told?.last ?? 0) + 1 }, (_, at) => at + 1);
}
