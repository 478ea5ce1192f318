import { isDeepStrictEqual } from 'node:util';
import type { NewOrder, Order } from '../../../../../lambdas/shared/orders/order.ts';
import { type OrderEvent, orderEventSchema } from '../../../../../lambdas/shared/orders/order-event.ts';
import type { MoveResult, OrdersStore } from '../../../../../lambdas/shared/orders/orders-store.ts';
import type { OutboxMessage } from '../../../../../lambdas/shared/outbox/outbox-message.ts';

/** Orders and what is told of them, as the port asks for it. */
export class MemoryOrdersStore implements OrdersStore {
  readonly messages: OutboxMessage[] = [];
  private readonly orders = new Map<string, Order>();
  /** What others do to an order after it is read and before it is written. */
  private readonly meanwhile: (Order | undefined)[] = [];

  constructor(...orders: Order[]) {
    for (const order of orders) this.orders.set(order.out_trade_no, order);
  }

  /** Before the next write the order is this, before the one after it that, … */
  beforeWrites(...orders: (Order | undefined)[]): this {
    this.meanwhile.push(...orders);
    return this;
  }

  get events(): OrderEvent[] {
    return this.messages.map(({ message }) => orderEventSchema.parse(JSON.parse(message.payload)));
  }

  async find(out_trade_no: string): Promise<Order | undefined> {
    return this.orders.get(out_trade_no);
  }

  async create(order: NewOrder, event: OutboxMessage): Promise<'created' | 'taken'> {
    if (this.orders.has(order.out_trade_no)) return 'taken';
    this.write(order, event);
    return 'created';
  }

  async move(from: Order, to: Order, event: OutboxMessage): Promise<MoveResult> {
    if (this.meanwhile.length > 0) this.replace(from.out_trade_no, this.meanwhile.shift());
    const order = this.orders.get(from.out_trade_no);
    if (!isDeepStrictEqual(order, from)) return { outcome: 'not-moved', order };
    this.write(to, event);
    return { outcome: 'moved' };
  }

  private write(order: Order, event: OutboxMessage): void {
    this.orders.set(order.out_trade_no, order);
    this.messages.push(event);
  }

  private replace(out_trade_no: string, order: Order | undefined): void {
    if (order) this.orders.set(out_trade_no, order);
    else this.orders.delete(out_trade_no);
  }
}
