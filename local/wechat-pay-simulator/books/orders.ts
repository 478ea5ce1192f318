import { isDeepStrictEqual } from 'node:util';
import { newCodeUrl, newPrepayId, newTransactionId } from '../ids.ts';
import { RefusedError } from '../refused.ts';
import { beijingTime } from '../time.ts';
import { isPaid, type Order, type PaidOrder, type Terms } from './order.ts';

export interface PayOptions {
  readonly openid?: string;
  /** In the past it is a payment that was made then. */
  readonly paidAt?: Date;
}

export type Orders = ReturnType<typeof createOrders>;

/** Orders and payments as WeChat Pay keeps them; a `RefusedError` changes nothing. */
export function createOrders(now: () => Date) {
  const orders = new Map<string, Order>();

  function find(out_trade_no: string): Order {
    const order = orders.get(out_trade_no);
    if (!order) throw new RefusedError('ORDER_NOT_EXIST', '订单不存在');
    return order;
  }

  function paidOf(is: (order: PaidOrder) => boolean): PaidOrder | undefined {
    return [...orders.values()].filter(isPaid).find(is);
  }

  return {
    all: (): Order[] => [...orders.values()],
    find,
    paidOf,

    /** The order for these terms: the same one again while it is not paid. */
    place(terms: Terms): Order {
      const known = orders.get(terms.out_trade_no);
      if (!known) {
        const ticket = terms.trade_type === 'NATIVE' ? newCodeUrl() : newPrepayId();
        const order: Order = { terms, ticket, create_time: beijingTime(now()), state: { trade_state: 'NOTPAY' } };
        orders.set(terms.out_trade_no, order);
        return order;
      }
      refusePaid(known);
      refuseClosed(known);
      if (!isDeepStrictEqual(known.terms, terms)) throw new RefusedError('OUT_TRADE_NO_USED', '商户订单号重复');
      return known;
    },

    pay(out_trade_no: string, { openid, paidAt = now() }: PayOptions = {}): PaidOrder {
      const order = find(out_trade_no);
      refusePaid(order);
      refuseClosed(order);
      const { time_expire } = order.terms;
      if (time_expire && now() > new Date(time_expire)) throw new RefusedError('INVALID_REQUEST', '订单已过期');
      const payment = {
        transaction_id: newTransactionId(),
        success_time: beijingTime(paidAt),
        openid: openid ?? order.terms.openid ?? 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      };
      return Object.assign(order, { state: { trade_state: 'SUCCESS' as const, payment } });
    },

    /** Once more changes nothing. */
    close(out_trade_no: string): void {
      const order = find(out_trade_no);
      refusePaid(order);
      order.state = { trade_state: 'CLOSED' };
    },

    /** What the query calls an order that a refund was asked of, whatever becomes of it. */
    markRefunded(order: PaidOrder): void {
      order.state.trade_state = 'REFUND';
    },
  };
}

function refusePaid(order: Order): void {
  if (isPaid(order)) throw new RefusedError('ORDERPAID', '该订单已支付');
}

function refuseClosed({ state }: Order): void {
  if (state.trade_state === 'CLOSED') throw new RefusedError('ORDER_CLOSED', '该订单已关闭');
}
