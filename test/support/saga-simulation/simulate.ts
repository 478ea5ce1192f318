import { seededRandom } from '../../../bin/warren/random.ts';
import { createFulfilmentConsumer } from '../../../lambdas/fulfilment/fulfilment-consumer.ts';
import { createOrderSagaConsumer } from '../../../lambdas/order-saga/order-saga-consumer.ts';
import { createOrderTimeoutsConsumer } from '../../../lambdas/order-timeouts/order-timeouts-consumer.ts';
import { createOrdersConsumer } from '../../../lambdas/orders/orders-consumer.ts';
import { createRefundsConsumer } from '../../../lambdas/refunds/refunds-consumer.ts';
import { createOrder, OrderExistsError } from '../../../lambdas/shared/orders/create-order.ts';
import type { NewOrder } from '../../../lambdas/shared/orders/order.ts';
import type { Outbox } from '../../../lambdas/shared/outbox/outbox.ts';
import type { OutboxMessage } from '../../../lambdas/shared/outbox/outbox-message.ts';
import { createStockConsumer } from '../../../lambdas/stock/stock-consumer.ts';
import { MemoryOrdersStore } from '../../unit/lambdas/shared/orders/memory-orders-store.ts';
import { MemoryRefundsStore } from '../../unit/lambdas/shared/refunds/memory-refunds-store.ts';
import { MemorySagaStore } from '../../unit/lambdas/shared/saga/memory-saga-store.ts';
import { MemoryStockStore } from '../../unit/lambdas/shared/stock/memory-stock-store.ts';
import { type Customer, createCustomers } from './customers.ts';
import { KilledError, mortal } from './kills.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createMerchant, createWechatPay } from './outside-world.ts';
import { createSimulatedBroker } from './simulated-broker.ts';

export interface SimulateOptions {
  readonly orders: number;
  readonly seed: number;
  /** Of all calls of a store, that many end in the death of the function, half of them after the write. */
  readonly kills?: number;
  readonly duplicates?: number;
}

/** Shorter than the time to pay: so that goods expire under orders that are paid later. */
const holdMs = 20 * 60_000;
const stuckAfterMs = 24 * 3_600_000;
/** Fewer than are wanted. */
export const skus = 20;

/** So many orders, from their making until nothing moves any more: the consumers' own code, on stores in memory. */
export async function simulate({ orders, seed, kills = 0.03, duplicates = 0.15 }: SimulateOptions) {
  const random = seededRandom(seed);
  const broker = createSimulatedBroker({ random, duplicates, startMs: Date.parse('2026-11-23T02:00:00Z') });
  const pieces = Math.ceil((orders * 1.5) / skus);
  const stores = {
    orders: new MemoryOrdersStore(),
    refunds: new MemoryRefundsStore(),
    stock: new MemoryStockStore(Object.fromEntries(Array.from({ length: skus }, (_, at) => [`SKU-${at}`, pieces]))),
    sagas: new MemorySagaStore(),
  };
  const answers: OutboxMessage[] = [];
  const outbox: Outbox = {
    async write(messages) {
      answers.push(...messages);
      return { outcome: 'written', rows: messages.map(() => 'written') };
    },
  };
  for (const { messages } of Object.values(stores)) broker.relayFrom(messages);
  broker.relayFrom(answers);

  const customers = createCustomers(orders, random);
  const byNumber = new Map(customers.map((one) => [one.order.out_trade_no, one]));
  const outside = { broker, random, refuses: (no: string) => byNumber.get(no)?.isRefused === true };
  const wechatPay = createWechatPay(outside);
  const merchant = createMerchant(outside, async (no) => (await stores.orders.find(no))?.state);
  const ledger = createMemoryLedger();

  let events = 0;
  const common = { now: broker.now, newEventId: () => `event-${++events}` };
  const frail = <Store extends object>(store: Store): Store => mortal(store, random, kills / 2);
  const deps = {
    ...common,
    store: frail<Pick<MemoryOrdersStore, 'find' | 'create' | 'move'>>(stores.orders),
    refunds: frail<MemoryRefundsStore>(stores.refunds),
  };
  broker.consume('orders', createOrdersConsumer(deps));
  broker.consume('order-timeouts', createOrderTimeoutsConsumer(deps));
  broker.consume('refunds', createRefundsConsumer({ ...deps, api: wechatPay.api, notifyUrl: 'https://example.com' }));
  broker.consume('ledger', ledger.consumer);
  broker.consume(
    'fulfilment',
    createFulfilmentConsumer({
      ...common,
      post: merchant.post,
      outbox: frail(outbox),
      orders: deps.store,
      mostRetryAfterSeconds: 60,
    }),
  );
  broker.consume('stock', createStockConsumer({ ...common, stock: frail(stores.stock), orders: deps.store, holdMs }));
  broker.consume(
    'order-saga',
    createOrderSagaConsumer({ ...deps, sagas: frail(stores.sagas), stock: frail(stores.stock), stuckAfterMs }),
  );

  /** Whoever makes an order makes it again when it was killed over it. */
  async function make(order: NewOrder): Promise<void> {
    try {
      await createOrder(order, deps);
    } catch (error) {
      if (error instanceof KilledError) return make(order);
      if (!(error instanceof OrderExistsError)) throw error;
    }
  }

  const refundInPortal = (transaction_id: string, total: number): void => {
    const amount = { refund: total, total, currency: 'CNY' };
    wechatPay.refund({ transaction_id, out_refund_no: `P-${transaction_id}`, amount }, true);
  };

  /** Of an order that was sent out, somebody asks for the money in the merchant portal. */
  async function sendsBack({ order: { out_trade_no } }: Customer): Promise<void> {
    const order = await stores.orders.find(out_trade_no);
    if (order?.state !== 'PAID' || !merchant.sentOut.has(out_trade_no)) return;
    refundInPortal(order.transaction_id, order.amount_total);
  }

  /** Somebody does so before its payment was told here, while its goods lie ready. */
  async function regrets({ order: { out_trade_no, amount_total }, payments: [payment] }: Customer): Promise<void> {
    const [order, goods] = [await stores.orders.find(out_trade_no), await stores.stock.find(out_trade_no)];
    const isReady =
      goods?.state === 'RESERVED' && Date.parse(goods.expires_at ?? '') > broker.now().getTime() + holdMs / 2;
    if (payment && order?.state === 'PAYING' && isReady) refundInPortal(payment.transaction_id, amount_total);
  }

  async function pay(customer: Customer, payment: Customer['payments'][number]): Promise<void> {
    wechatPay.pay(payment);
    if (customer.regrets) await regrets(customer);
  }

  for (const customer of customers) {
    broker.at(customer.startsMs, async () => {
      for (const payment of customer.payments) broker.at(payment.afterMs, async () => pay(customer, payment));
      if (customer.sendsBack) broker.at(3 * 3_600_000, () => sendsBack(customer));
      await make(customer.order);
      broker.relay();
    });
  }
  await broker.run(3 * stuckAfterMs);
  return { stores, customers, wechatPay, merchant, ledger, broker, pieces };
}

export type Simulated = Awaited<ReturnType<typeof simulate>>;
