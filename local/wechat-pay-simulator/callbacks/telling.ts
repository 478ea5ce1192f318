import type { PaidOrder } from '../books/order.ts';
import { isPaid } from '../books/order.ts';
import type { Orders, PayOptions } from '../books/orders.ts';
import type { Refund, SettledStatus } from '../books/refund.ts';
import type { Refunds } from '../books/refunds.ts';
import type { Decide } from '../misbehaviour/decide.ts';
import { RefusedError } from '../refused.ts';
import type { Callback } from './callback.ts';
import type { createPostOffice } from './post-office.ts';
import { paymentTold, profitSharingTold, refundTold, securityEchoTold } from './told.ts';

export interface TellingDeps {
  readonly mchid: string;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly postOffice: ReturnType<typeof createPostOffice>;
  readonly decide: Decide;
  /** Orders that shall be paid when their merchant closes them. */
  readonly racing: Set<string>;
}

/** What happens in the books, and is told to the merchant then. */
export function createTelling({ mchid, orders, refunds, postOffice, decide, racing }: TellingDeps) {
  function tellPayment(order: PaidOrder): Callback {
    const { out_trade_no, notify_url } = order.terms;
    return postOffice.send({ out_trade_no, notify_url }, paymentTold(order));
  }

  function tellRefund(refund: Refund): Callback {
    const { out_trade_no, out_refund_no, notify_url } = refund;
    return postOffice.send({ out_trade_no, out_refund_no, notify_url }, refundTold(refund, mchid));
  }

  function pay(out_trade_no: string, options: PayOptions = {}): PaidOrder {
    const order = orders.pay(out_trade_no, options);
    tellPayment(order);
    return order;
  }

  function fateOf(out_refund_no: string): SettledStatus {
    if (decide('refundAbnormal', out_refund_no)) return 'ABNORMAL';
    return decide('refundClosed', out_refund_no) ? 'CLOSED' : 'SUCCESS';
  }

  return {
    pay,

    /** A closed order cannot be paid; a payment that comes just before is the merchant's surprise. */
    beforeClose(out_trade_no: string): void {
      const { state } = orders.find(out_trade_no);
      const races = racing.delete(out_trade_no) || decide('paymentRacesClose', out_trade_no);
      if (state.trade_state === 'NOTPAY' && races) pay(out_trade_no);
    },

    settle(out_refund_no: string, status = fateOf(out_refund_no)): Refund {
      const refund = refunds.settle(out_refund_no, status);
      tellRefund(refund);
      return refund;
    },

    /** What was told of a payment or refund, as a callback of its own. */
    again(number: { readonly out_trade_no: string } | { readonly out_refund_no: string }): Callback {
      if ('out_trade_no' in number) return tellPayment(paid(number.out_trade_no));
      const refund = refunds.find(number.out_refund_no);
      if (refund.status === 'PROCESSING') throw new RefusedError('INVALID_REQUEST', 'the refund is not settled');
      return tellRefund(refund);
    },

    profitSharing(out_trade_no: string): Callback {
      const order = paid(out_trade_no);
      return postOffice.send({ out_trade_no, notify_url: order.terms.notify_url }, profitSharingTold(order));
    },

    securityEcho: (notify_url: string): Callback => postOffice.send({ notify_url }, securityEchoTold()),
  };

  function paid(out_trade_no: string): PaidOrder {
    const order = orders.find(out_trade_no);
    if (!isPaid(order)) throw new RefusedError('INVALID_REQUEST', 'the order is not paid');
    return order;
  }
}
