import { createHandler } from '../../../../lambdas/order-cache-rebuild/handler.ts';
import type { CachedOrder } from '../../../../lambdas/shared/order-cache/cached-order.ts';
import type { PutOutcome } from '../../../../lambdas/shared/order-cache/order-cache.ts';
import type { StoredOrders } from '../../../../lambdas/shared/order-cache/stored-orders.ts';
import { silentLog } from '../builders.ts';

const order = (out_trade_no: string): CachedOrder => ({
  out_trade_no,
  state: 'PAYING',
  version: 1,
  amount: { total: 8800, currency: 'CNY' },
});

function handlerOf(put: (order: CachedOrder) => Promise<PutOutcome>) {
  const asked: Parameters<StoredOrders['page']>[] = [];
  const orders: StoredOrders = {
    async page(...page) {
      asked.push(page);
      return { rows: ['T-1', 'T-2'].map(order), unreadable: ['odd'], next: 'T-2' };
    },
    roughCount: async () => 3,
  };
  return { handler: createHandler({ orders, cache: { put }, log: silentLog }), asked };
}

describe('a page of the orders table', () => {
  it('is put into the cache, and answered with what became of it and where to go on', async () => {
    const { handler, asked } = handlerOf(async ({ out_trade_no }) => (out_trade_no === 'T-1' ? 'stored' : 'kept'));

    expect(await handler({})).toEqual({ stored: 1, kept: 1, unreadable: ['odd'], roughTotal: 3, next: 'T-2' });
    expect(asked).toEqual([[undefined, 200]]);
  });

  it('is the one behind the order that is asked for, and tells no total again', async () => {
    const { handler, asked } = handlerOf(async () => 'stored');

    expect((await handler({ after: 'T-0', limit: 5 })).roughTotal).toBeUndefined();
    expect(asked).toEqual([['T-0', 5]]);
  });

  it('fails as a whole when the cache refuses one of its orders: nothing is told to be there that is not', async () => {
    const { handler } = handlerOf(async ({ out_trade_no }) => {
      if (out_trade_no === 'T-2') throw new Error('refused');
      return 'stored';
    });

    await expect(handler({})).rejects.toThrow('refused');
  });

  it.each([{ limit: 0 }, { limit: 501 }, { afer: 'T-1' }])(
    'is not read for a request that is none: %j',
    async (event) => {
      const { handler, asked } = handlerOf(async () => 'stored');

      await expect(handler(event)).rejects.toThrow();
      expect(asked).toEqual([]);
    },
  );
});
