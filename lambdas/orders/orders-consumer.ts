import type { Consumer } from '../shared/consumer/consumer.ts';
import type { MoveOrderDeps } from '../shared/orders/move-order.ts';
import type { RefundsDeps } from '../shared/refunds/request-refund.ts';
import { applyPayment } from './apply-payment.ts';
import { applyRefund } from './apply-refund.ts';
import { businessKeyOf, comparableOf, type ToldByWechatPay, toldByWechatPaySchema } from './told-by-wechat-pay.ts';

export type OrdersDeps = MoveOrderDeps & RefundsDeps;

/** What came of it, and of which order. */
export interface Applied {
  readonly outcome:
    | 'moved'
    | 'past'
    | 'refunded before'
    | 'refund requested'
    | 'partly refunded'
    | 'second payment refunded';
  readonly out_trade_no: string;
}

/** Moves an order by what WeChat Pay tells of its money, as the table of transitions says, and tells it to whoever is bound for it. */
export function createOrdersConsumer(deps: OrdersDeps): Consumer<ToldByWechatPay> {
  return {
    queue: 'orders.payments',
    schema: toldByWechatPaySchema,
    businessKey: businessKeyOf,
    comparable: comparableOf,
    async handle({ body, log }) {
      const { outcome, out_trade_no } =
        body.refund_status === undefined ? await applyPayment(body, deps) : await applyRefund(body, deps);
      log.info('told by WeChat Pay', { out_trade_no, told: body.refund_status ?? body.trade_state, outcome });
    },
  };
}
