import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { type CachedOrder, cachedOrderOf } from '../../lambdas/shared/order-cache/cached-order.ts';
import { createDynamoDbOrderCache } from '../../lambdas/shared/order-cache/dynamodb-order-cache.ts';
import type { OrderCache } from '../../lambdas/shared/order-cache/order-cache.ts';
import { createValkeyConnection } from '../../lambdas/shared/order-cache/valkey-connection.ts';
import { createValkeyOrderCache, keyOf } from '../../lambdas/shared/order-cache/valkey-order-cache.ts';
import { eventually } from '../../local/eventually.ts';
import { lifeOfAnOrder, newOrderNumber, orderEvent } from '../support/order-events.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { hasTestValkey, testValkeyUrl } from '../support/test-valkey.ts';

const { documents, outputs } = testDeployment();
const connection = createValkeyConnection(testValkeyUrl());
afterAll(() => connection.close());

interface Kept {
  readonly cache: (lifeSeconds: number) => OrderCache;
  /** Puts there what is no order; the ways to do so. */
  readonly spoilings: readonly ((out_trade_no: string) => Promise<unknown>)[];
}

const table: Kept = {
  cache: (lifeSeconds) =>
    createDynamoDbOrderCache(documents, { table: outputs.OrderCacheTable, lifeSeconds, now: () => new Date() }),
  spoilings: [{ version: 'nine' }, { order: 'none' }].map(
    (rest) => (out_trade_no: string) =>
      documents.send(
        new PutCommand({ TableName: outputs.OrderCacheTable, Item: { out_trade_no, ...rest, expires_at: 4e9 } }),
      ),
  ),
};

const valkey: Kept = {
  cache: (lifeSeconds) => createValkeyOrderCache(connection, { lifeSeconds }),
  spoilings: [
    (no) => connection.run((client) => client.set(keyOf(no), 'no JSON')),
    (no) => connection.run((client) => client.set(keyOf(no), '{"version":"nine"}')),
    (no) => connection.run((client) => client.set(keyOf(no), 'null')),
    (no) => connection.run((client) => client.lpush(keyOf(no), 'a list')),
  ],
};

const implementations: [string, Kept][] = [
  ['a table', table],
  ...(hasTestValkey ? [['Valkey', valkey] as [string, Kept]] : []),
];

const versionsOf = (out_trade_no: string): CachedOrder[] =>
  lifeOfAnOrder.map((state) => cachedOrderOf(orderEvent(out_trade_no, state)));

function givenVersions(): [paying: CachedOrder, paid: CachedOrder, refunding: CachedOrder] {
  const [paying, paid, refunding] = versionsOf(newOrderNumber());
  if (!paying || !paid || !refunding) throw new Error('an order has more states');
  return [paying, paid, refunding];
}

describe.each(implementations)('the order cache in %s', (_, { cache: cacheOf, spoilings }) => {
  const cache = cacheOf(3_600);

  it('holds nothing of an order that was never put', async () => {
    expect(await cache.get(newOrderNumber())).toBeUndefined();
  });

  it('holds an order as it was put, for others too', async () => {
    const [, paid] = givenVersions();

    expect(await cache.put(paid)).toBe('stored');

    expect(await cacheOf(3_600).get(paid.out_trade_no)).toEqual(paid);
  });

  it('replaces an older version, keeps a newer one, and takes the same one again', async () => {
    const [paying, paid, refunding] = givenVersions();

    const outcomes = [await cache.put(paid), await cache.put(refunding)];
    const late = [await cache.put(paying), await cache.put(paid), await cache.put(refunding)];

    expect(outcomes).toEqual(['stored', 'stored']);
    expect(late).toEqual(['kept', 'kept', 'stored']);
    expect(await cache.get(paid.out_trade_no)).toEqual(refunding);
  });

  it('ends with the newest version, in whatever order, however often and however many at once they come', async () => {
    const arrivals = fc.array(fc.array(fc.nat({ max: lifeOfAnOrder.length - 1 }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async (waves) => {
        const versions = versionsOf(newOrderNumber());
        for (const wave of waves) await Promise.all(wave.flatMap((at) => versions[at] ?? []).map(cache.put));

        const newest = versions[Math.max(...waves.flat())];
        expect(await cache.get(newest?.out_trade_no ?? '')).toEqual(newest);
      }),
      { numRuns: 60 },
    );
  });

  it('forgets an order when its life is over, and takes an older version then', async () => {
    const [paying, paid] = givenVersions();
    await cacheOf(1).put(paid);

    const held = await eventually(
      () => cache.get(paid.out_trade_no),
      (order) => order === undefined,
      5_000,
    );

    expect(held).toBeUndefined();
    expect(await cache.put(paying)).toBe('stored');
    expect(await cache.get(paid.out_trade_no)).toEqual(paying);
  });

  it('overwrites what is no order, and answers as if it were not there', async () => {
    for (const spoil of spoilings) {
      const [paying] = givenVersions();
      await spoil(paying.out_trade_no);

      expect(await cache.get(paying.out_trade_no)).toBeUndefined();
      expect(await cache.put(paying)).toBe('stored');
      expect(await cache.get(paying.out_trade_no)).toEqual(paying);
    }
  });
});
