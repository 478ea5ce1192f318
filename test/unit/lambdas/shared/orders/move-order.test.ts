import { type PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { createOrder, InvalidOrderError, OrderExistsError } from '../../../../../lambdas/shared/orders/create-order.ts';
import { moveOrder, PaidTwiceError } from '../../../../../lambdas/shared/orders/move-order.ts';
import type { NewOrder, Order } from '../../../../../lambdas/shared/orders/order.ts';
import { paymentChange } from '../../../../../lambdas/shared/orders/payment-change.ts';
import type { OrderTrigger } from '../../../../../lambdas/shared/orders/transitions.ts';
import { now, rejectionOf } from '../../builders.ts';
import { MemoryOrdersStore } from './memory-orders-store.ts';
import { changes, orderIn, payingOrder, payment } from './orders.ts';

const depsOf = (store: MemoryOrdersStore) => ({ store, now: () => now, newEventId: () => 'event-9' });
const move = (store: MemoryOrdersStore, trigger: OrderTrigger) => moveOrder(changes[trigger], depsOf(store));

describe('an order that is moved', () => {
  it.each<[OrderTrigger, Order, object]>([
    ['payment.success', orderIn.PAYING, { state: 'PAID', version: 2, changed_at: payment.success_time }],
    ['payment.overdue', orderIn.PAYING, { state: 'CLOSED', version: 2, changed_at: now.toISOString() }],
    ['payment.success', orderIn.CLOSED, { state: 'REFUNDING', version: 3, changed_at: now.toISOString() }],
    ['refund.requested', orderIn.PAID, { state: 'REFUNDING', version: 3, changed_at: now.toISOString() }],
    ['refund.success', orderIn.REFUNDING, { state: 'REFUNDED', version: 4, changed_at: '2026-11-23T12:00:00+08:00' }],
  ])('is told of, as it is then: %s', async (trigger, order, event) => {
    const store = new MemoryOrdersStore(order);

    const { outcome, order: moved } = await move(store, trigger);

    expect(outcome).toBe('moved');
    expect(await store.find('T-1')).toEqual(moved);
    expect(store.events).toEqual([
      {
        out_trade_no: 'T-1',
        amount: { total: 8800, currency: 'CNY' },
        ...(moved.transaction_id !== undefined && { transaction_id: '42' }),
        ...event,
      },
    ]);
  });

  it('is told of by a message of its own aggregate, to the exchange orders, under its state’s key', async () => {
    const store = new MemoryOrdersStore(orderIn.PAYING);

    await move(store, 'payment.success');

    expect(store.messages).toEqual([
      {
        aggregate: 'order#T-1',
        message: {
          vhost: '/',
          exchange: 'orders',
          routingKeys: ['order.paid'],
          properties: {
            message_id: 'event-9',
            content_type: 'application/json',
            type: 'order.paid',
            timestamp: now.getTime() / 1000,
          },
          headers: {},
          payload: expect.any(String),
          payloadEncoding: 'string',
        },
      },
    ]);
  });

  it('a second time stays as it is, and nothing is told', async () => {
    const store = new MemoryOrdersStore(orderIn.PAID);

    expect(await move(store, 'payment.success')).toEqual({ outcome: 'past', order: orderIn.PAID });
    expect(store.events).toEqual([]);
  });

  it.each<[string, MemoryOrdersStore, OrderTrigger, typeof RetryableError | typeof PermanentError, string]>([
    ['there is none', new MemoryOrdersStore(), 'payment.success', RetryableError, 'there is no order T-1'],
    ['comes later', new MemoryOrdersStore(orderIn.PAYING), 'refund.success', RetryableError, 'order T-1 is PAYING'],
  ])('is tried again when %s', async (_, store, trigger, kind, text) => {
    const error = await rejectionOf(move(store, trigger));

    expect(error).toBeInstanceOf(kind);
    expect(error).toHaveProperty('message', expect.stringContaining(text));
    expect(store.events).toEqual([]);
  });

  it('by what does not fit it is rejected, with the reason', async () => {
    const store = new MemoryOrdersStore(orderIn.PAID);

    const error = await rejectionOf(moveOrder(paymentChange({ ...payment, transaction_id: '43' }), depsOf(store)));

    expect(error).toBeInstanceOf(PaidTwiceError);
    expect(error).toHaveProperty('message', expect.stringMatching(/^order T-1: .*paid twice$/));
    expect(store.events).toEqual([]);
  });
});

describe('an order that somebody else moves meanwhile', () => {
  it.each<[string, OrderTrigger, Order, string[]]>([
    ['closed it: a payment is then to be refunded', 'payment.success', orderIn.CLOSED, ['REFUNDING']],
    ['paid it: it is not closed any more', 'payment.overdue', orderIn.PAID, []],
    ['told the same: it is a repeat', 'payment.success', orderIn.PAID, []],
  ])('is judged again by what it is then: somebody %s', async (_, trigger, meanwhile, told) => {
    const store = new MemoryOrdersStore(orderIn.PAYING).beforeWrites(meanwhile);

    await move(store, trigger);

    expect(store.events.map(({ state }) => state)).toEqual(told);
  });

  it('and takes away is tried again', async () => {
    const store = new MemoryOrdersStore(orderIn.PAYING).beforeWrites(undefined);

    expect(await rejectionOf(move(store, 'payment.success'))).toBeInstanceOf(RetryableError);
  });

  it('again and again is tried again later', async () => {
    const other = { ...orderIn.PAYING, appid: payment.appid };
    const store = new MemoryOrdersStore(orderIn.PAYING).beforeWrites(orderIn.CLOSED, other, orderIn.CLOSED, other);

    const error = await rejectionOf(move(store, 'payment.success'));

    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toHaveProperty('message', expect.stringContaining('kept changing'));
  });
});

describe('a new order', () => {
  it('is stored with order.created, and never replaces one of its number', async () => {
    const store = new MemoryOrdersStore();

    await createOrder(payingOrder, depsOf(store));

    expect(store.messages.map(({ message }) => message.routingKeys)).toEqual([['order.created']]);
    expect(store.events).toMatchObject([{ state: 'PAYING', version: 1, changed_at: now.toISOString() }]);
    expect(await rejectionOf(createOrder(payingOrder, depsOf(store)))).toBeInstanceOf(OrderExistsError);
    expect(store.events).toHaveLength(1);
  });

  const tea = { sku: 'TEA-1', quantity: 1 };

  it.each<[string, unknown, string]>([
    ['no items', [], 'items: Too small'],
    ['one sku twice', [tea, tea], 'items: a sku is there twice'],
    ['none of an item', [{ ...tea, quantity: 0 }], 'items.0.quantity: Too small'],
    ['fewer than none', [{ ...tea, quantity: -5 }], 'items.0.quantity: Too small'],
    ['half a piece', [tea, { sku: 'CUP-1', quantity: 1.5 }], 'items.1.quantity: Invalid input: expected int'],
    ['too many kinds', Array.from({ length: 21 }, (_, at) => ({ ...tea, sku: `T-${at}` })), 'items: Too big'],
    ['a sku that no key takes', [{ ...tea, sku: 'green tea' }], 'items.0.sku: 1 to 64 printable ASCII'],
    ['more than is kept of an item', [{ ...tea, price: 500 }], 'items.0: Unrecognized key: "price"'],
  ])('that nobody could read later is not made, with what is wrong: %s', async (_, items, problem) => {
    const store = new MemoryOrdersStore();

    const error = await rejectionOf(createOrder({ ...payingOrder, items } as NewOrder, depsOf(store)));

    expect(error).toBeInstanceOf(InvalidOrderError);
    expect(error).toHaveProperty('message', expect.stringContaining(`order T-1 is not made: ${problem}`));
    expect([await store.find('T-1'), store.events]).toEqual([undefined, []]);
  });
});
