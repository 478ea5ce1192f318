import { createOrderCacheConsumer } from '../../../../lambdas/order-cache/order-cache-consumer.ts';
import { RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import type { CachedOrder } from '../../../../lambdas/shared/order-cache/cached-order.ts';
import { CacheRefusedError } from '../../../../lambdas/shared/order-cache/errors.ts';
import type { PutOutcome } from '../../../../lambdas/shared/order-cache/order-cache.ts';
import type { OrderEvent } from '../../../../lambdas/shared/orders/order-event.ts';
import { message, silentLog } from '../builders.ts';

const paid = (out_trade_no: string): OrderEvent => ({
  out_trade_no,
  state: 'PAID',
  version: 2,
  amount: { total: 8800, currency: 'CNY' },
  transaction_id: '42',
  changed_at: '2026-11-23T10:00:00+08:00',
});

function handled(put: (order: CachedOrder) => Promise<PutOutcome>, ...orders: string[]) {
  const deliveries = orders.map((no) => ({ body: paid(no), message: message(), redelivered: false, log: silentLog }));
  return createOrderCacheConsumer({ cache: { put } }).handleAll(deliveries);
}

describe('events of orders', () => {
  it('put each order as its row would: without the time that the row does not know', async () => {
    const puts: CachedOrder[] = [];
    const verdicts = await handled(
      async (order) => {
        puts.push(order);
        return 'stored';
      },
      'T-1',
      'T-2',
    );

    const { changed_at: _, ...order } = paid('T-1');
    expect(puts).toEqual([order, { ...order, out_trade_no: 'T-2' }]);
    expect(verdicts).toEqual([undefined, undefined]);
  });

  it('are done when a newer version is there', async () => {
    expect(await handled(async () => 'kept', 'T-1')).toEqual([undefined]);
  });

  it('are retried where the cache refuses, and only there', async () => {
    const refusal = new CacheRefusedError(new Error('connect ECONNREFUSED'));

    const verdicts = await handled(
      async ({ out_trade_no }) => {
        if (out_trade_no === 'T-2') throw refusal;
        return 'stored';
      },
      ...['T-1', 'T-2', 'T-3'],
    );

    expect(verdicts).toEqual([undefined, refusal, undefined]);
  });

  it('are retried whatever else is thrown', async () => {
    const cause = new Error('ProvisionedThroughputExceededException');

    const [verdict] = await handled(() => Promise.reject(cause), 'T-1');

    expect(verdict).toBeInstanceOf(RetryableError);
    expect(verdict).toMatchObject({ cause });
  });
});
