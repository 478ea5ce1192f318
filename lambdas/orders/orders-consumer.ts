import type { Consumer } from '../shared/consumer/consumer.ts';
import { type MoveOrderDeps, moveOrder } from '../shared/orders/move-order.ts';
import type { RefundFailure } from '../shared/wechat-pay/refund-result.ts';
import { RefundAbnormalError, RefundClosedError } from './errors.ts';
import {
  businessKeyOf,
  changeOf,
  comparableOf,
  isRefundFailure,
  type ToldByWechatPay,
  toldByWechatPaySchema,
} from './told-by-wechat-pay.ts';

/** Moves an order by what WeChat Pay tells of its money, as the table of transitions says, and tells it to whoever is bound for it. */
export function createOrdersConsumer(deps: MoveOrderDeps): Consumer<ToldByWechatPay> {
  return {
    queue: 'orders.payments',
    schema: toldByWechatPaySchema,
    businessKey: businessKeyOf,
    comparable: comparableOf,
    async handle({ body, log }) {
      if (isRefundFailure(body)) throw failureOf(body);
      const change = changeOf(body);
      const { outcome, order } = await moveOrder(change, deps);
      log.info(outcome === 'moved' ? 'order moved' : 'order was moved before', {
        out_trade_no: order.out_trade_no,
        trigger: change.trigger,
        state: order.state,
      });
    },
  };
}

/** Each is an exception, and on-call hears of its kind. */
function failureOf(refund: RefundFailure): Error {
  return refund.refund_status === 'ABNORMAL' ? new RefundAbnormalError(refund) : new RefundClosedError(refund);
}
