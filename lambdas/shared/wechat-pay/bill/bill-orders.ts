import type { Agenda } from '../../agenda/dynamodb-agenda.ts';
import { orderSchema } from '../../orders/order.ts';
import { paidTopic } from '../../orders/order-agenda.ts';
import type { OrdersStore } from '../../orders/orders-store.ts';
import type { BillOrders } from './ports.ts';

/** The agenda is written with the orders, and hours older than the bill: it has all of the day. */
export function createBillOrders(agenda: Pick<Agenda, 'all'>, store: Pick<OrdersStore, 'find'>): BillOrders {
  return {
    async *paidOn(date) {
      for await (const item of agenda.all(paidTopic(date))) yield orderSchema.parse(item);
    },
    find: (out_trade_no) => store.find(out_trade_no),
  };
}
