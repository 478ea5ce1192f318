import { randomBytes } from 'node:crypto';
import { type PaidOrder, toTransaction } from '../books/order.ts';
import { type Refund, toRefundResource } from '../books/refund.ts';
import type { Told } from '../seal.ts';

const summaries = { SUCCESS: '退款成功', ABNORMAL: '退款异常', CLOSED: '退款关闭', PROCESSING: '退款处理中' } as const;

export function paymentTold(order: PaidOrder): Told {
  return {
    event_type: 'TRANSACTION.SUCCESS',
    original_type: 'transaction',
    summary: '支付成功',
    resource: toTransaction(order),
  };
}

export function refundTold(refund: Refund, mchid: string): Told {
  return {
    event_type: `REFUND.${refund.status}`,
    original_type: 'refund',
    summary: summaries[refund.status],
    resource: toRefundResource(refund, mchid),
  };
}

/** 分账: the event type of a payment, of which it is none. */
export function profitSharingTold({ terms, state }: PaidOrder): Told {
  const { transaction_id, success_time } = state.payment;
  return {
    event_type: 'TRANSACTION.SUCCESS',
    original_type: 'profitsharing',
    summary: '分账成功',
    resource: {
      mchid: terms.mchid,
      transaction_id,
      order_id: `3008${randomBytes(8).toString('hex')}`,
      out_order_no: `P-${terms.out_trade_no}`,
      receiver: {
        type: 'MERCHANT_ID',
        account: '1900000109',
        amount: Math.floor(terms.amount.total / 10),
        description: '分给商户',
      },
      success_time,
    },
  };
}

/** The newer self-test; its plaintext is not documented where we could read it. */
export function securityEchoTold(): Told {
  return {
    event_type: 'SECURITY_ECHO.SUCCESS',
    original_type: 'security_echo',
    summary: '回调验签测试',
    resource: { echo: randomBytes(8).toString('hex') },
  };
}
