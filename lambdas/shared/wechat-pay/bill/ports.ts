import type { Order } from '../../orders/order.ts';
import type { RefundState } from '../../refunds/refund-row.ts';
import type { RefundKey } from './known.ts';

/** Our orders, for whoever compares a bill with them. */
export interface BillOrders {
  /** MUST be complete: an order that it leaves out is one that is missing. */
  paidOn(date: string): AsyncIterable<Order>;
  find(out_trade_no: string): Promise<Order | undefined>;
}

/** Our refunds, for whoever compares a bill with them. Amounts are integers in 分. */
export interface BillRefunds {
  find(key: RefundKey): Promise<{ readonly refund: number; readonly state: RefundState } | undefined>;
  /** `reserved`: what is asked to be sent back of that payment, and was not refused; `total`: what was paid. `undefined`: nobody has asked. */
  sumsOf(transaction_id: string): Promise<{ readonly reserved: number; readonly total: number } | undefined>;
}
