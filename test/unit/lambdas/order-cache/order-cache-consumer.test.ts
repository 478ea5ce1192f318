import { createOrderCacheConsumer } from '../../../../lambdas/order-cache/order-cache-consumer.ts';
import type { CachedOrder } from '../../../../lambdas/shared/order-cache/cached-order.ts';
import { CacheRefusedError } from '../../../../lambdas/shared/order-cache/errors.ts';
import type { PutOutcome } from '../../../../lambdas/shared/order-cache/order-cache.ts';
import type { OrderEvent } from '../../../../lambdas/shared/orders/order-event.ts';
import { message, rejectionOf, silentLog } from '../builders.ts';

const paid: OrderEvent = {
  out_trade_no: 'T-1',
  state: 'PAID',
  version: 2,
  amount: { total: 8800, currency: 'CNY' },
  transaction_id: '42',
  changed_at: '2026-11-23T10:00:00+08:00',
};

function consumerOf(put: (order: CachedOrder) => Promise<PutOutcome>) {
  const consumer = createOrderCacheConsumer({ cache: { put } });
  const handle = (body = paid) => consumer.handle({ body, message: message(), log: silentLog, redelivered: false });
  return { consumer, handle };
}

describe('an event of an order', () => {
  it('puts the order as its row would: without the time that the row does not know', async () => {
    const puts: CachedOrder[] = [];
    const { handle } = consumerOf(async (order) => {
      puts.push(order);
      return 'stored';
    });

    await handle();

    const { changed_at: _, ...order } = paid;
    expect(puts).toEqual([order]);
  });

  it('is done when a newer version is there', async () => {
    await expect(consumerOf(async () => 'kept').handle()).resolves.toBeUndefined();
  });

  it('is retried when the cache refuses', async () => {
    const error = new CacheRefusedError(new Error('connect ECONNREFUSED'));

    expect(await rejectionOf(consumerOf(() => Promise.reject(error)).handle())).toBe(error);
  });

  it('is one effect for each version of an order, whenever it was changed', () => {
    const { consumer } = consumerOf(async () => 'stored');
    const told = { ...paid, changed_at: '2026-11-23T11:00:00+08:00' };

    expect(consumer.businessKey(paid)).toBe('order:T-1:2');
    expect(consumer.comparable(told)).toEqual(consumer.comparable(paid));
    expect(consumer.businessKey({ ...paid, version: 3 })).not.toBe(consumer.businessKey(paid));
    for (const other of [
      { state: 'CLOSED' as const },
      { amount: { total: 1, currency: 'CNY' } },
      { transaction_id: '43' },
    ])
      expect(consumer.comparable({ ...paid, ...other })).not.toEqual(consumer.comparable(paid));
  });
});
