import { newRefundId } from '../ids.ts';
import { RefusedError } from '../refused.ts';
import { beijingTime } from '../time.ts';
import type { PaidOrder } from './order.ts';
import type { Orders } from './orders.ts';
import type { Refund, SettledStatus } from './refund.ts';

export interface RefundRequest {
  readonly transaction_id?: string | undefined;
  readonly out_trade_no?: string | undefined;
  readonly out_refund_no: string;
  readonly reason?: string | undefined;
  readonly notify_url?: string | undefined;
  readonly amount: { readonly refund: number; readonly total: number; readonly currency: string };
}

export type Refunds = ReturnType<typeof createRefunds>;

/** Refunds as WeChat Pay keeps them: one per out_refund_no, however often it is asked for. */
export function createRefunds(orders: Orders, now: () => Date) {
  const refunds = new Map<string, Refund>();

  function find(out_refund_no: string): Refund {
    const refund = refunds.get(out_refund_no);
    if (!refund) throw new RefusedError('RESOURCE_NOT_EXISTS', '退款单不存在');
    return refund;
  }

  /** A refund that was closed moved no money. */
  function refundedOf({ state }: PaidOrder): number {
    return [...refunds.values()]
      .filter(({ transaction_id, status }) => transaction_id === state.payment.transaction_id && status !== 'CLOSED')
      .reduce((sum, { amount }) => sum + amount.refund, 0);
  }

  function orderOf({ transaction_id, out_trade_no }: RefundRequest): PaidOrder {
    const order = orders.paidOf(({ terms, state }) =>
      transaction_id === undefined
        ? terms.out_trade_no === out_trade_no
        : state.payment.transaction_id === transaction_id,
    );
    if (!order) throw new RefusedError('RESOURCE_NOT_EXISTS', '订单不存在');
    if (out_trade_no !== undefined && order.terms.out_trade_no !== out_trade_no) {
      throw new RefusedError('INVALID_REQUEST', '支付单号校验不一致，请核实后再试');
    }
    return order;
  }

  function record(request: RefundRequest, { terms, state }: PaidOrder): Refund {
    const refund: Refund = {
      refund_id: newRefundId(),
      out_refund_no: request.out_refund_no,
      transaction_id: state.payment.transaction_id,
      out_trade_no: terms.out_trade_no,
      ...(request.reason !== undefined && { reason: request.reason }),
      notify_url: request.notify_url ?? terms.notify_url,
      create_time: beijingTime(now()),
      status: 'PROCESSING',
      amount: { ...request.amount },
    };
    refunds.set(refund.out_refund_no, refund);
    return refund;
  }

  return {
    all: (): Refund[] => [...refunds.values()],
    find,

    /** `isNew` is false of one that was asked for before. */
    request(request: RefundRequest): { readonly refund: Refund; readonly isNew: boolean } {
      const order = orderOf(request);
      const known = refunds.get(request.out_refund_no);
      if (known) {
        refuseOtherTerms(known, request, order);
        return { refund: known, isNew: false };
      }
      const { total, currency } = order.terms.amount;
      if (request.amount.total !== total || request.amount.currency !== currency) {
        throw new RefusedError('INVALID_REQUEST', '订单金额不一致，请核实后再试');
      }
      if (refundedOf(order) + request.amount.refund > total) {
        throw new RefusedError('INVALID_REQUEST', '申请退款金额大于可退金额');
      }
      orders.markRefunded(order);
      return { refund: record(request, order), isNew: true };
    },

    /** An abnormal one is settled by hand later; what has succeeded or was closed stays so. */
    settle(out_refund_no: string, status: SettledStatus): Refund {
      const refund = find(out_refund_no);
      if (refund.status === 'SUCCESS' || refund.status === 'CLOSED') {
        throw new RefusedError('INVALID_REQUEST', `the refund is ${refund.status} already`);
      }
      refund.status = status;
      if (status === 'SUCCESS') refund.success_time = beijingTime(now());
      return refund;
    },
  };
}

function refuseOtherTerms(known: Refund, { amount }: RefundRequest, { state }: PaidOrder): void {
  if (known.transaction_id !== state.payment.transaction_id) {
    throw new RefusedError('INVALID_REQUEST', '支付单号校验不一致，请核实后再试');
  }
  const same =
    known.amount.refund === amount.refund &&
    known.amount.total === amount.total &&
    known.amount.currency === amount.currency;
  if (!same) throw new RefusedError('INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试');
}
