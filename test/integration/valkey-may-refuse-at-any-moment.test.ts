import { cachedOrderOf } from '../../lambdas/shared/order-cache/cached-order.ts';
import { CacheRefusedError } from '../../lambdas/shared/order-cache/errors.ts';
import { createValkeyConnection, type ValkeyConnection } from '../../lambdas/shared/order-cache/valkey-connection.ts';
import { createValkeyOrderCache } from '../../lambdas/shared/order-cache/valkey-order-cache.ts';
import { startValkeyServer, stopValkeyServer, urlOf, type ValkeyServer } from '../../local/valkey-server.ts';
import { lifeOfAnOrder, newOrderNumber, orderEvent } from '../support/order-events.ts';
import { hasTestValkey } from '../support/test-valkey.ts';
import { rejectionOf } from '../unit/lambdas/builders.ts';

const paid = () => cachedOrderOf(orderEvent(newOrderNumber(), 'PAID'));

describe.each(hasTestValkey ? ['Valkey of its own'] : [])('one container, with a %s', () => {
  let server: ValkeyServer;
  let connection: ValkeyConnection;
  const cache = createValkeyOrderCache({ run: (work) => connection.run(work) }, { lifeSeconds: 3_600 });

  beforeEach(async () => {
    server = await startValkeyServer();
    connection = createValkeyConnection(urlOf(server));
  });
  afterEach(async () => {
    connection.close();
    await stopValkeyServer(server);
  });

  it('is refused while Valkey is away, may be retried, and goes on when it is back', async () => {
    await cache.put(paid());
    await stopValkeyServer(server);

    const errors = [await rejectionOf(cache.put(paid())), await rejectionOf(cache.get('T-1'))];
    for (const error of errors) expect(error).toBeInstanceOf(CacheRefusedError);

    server = await startValkeyServer(server);
    expect(await cache.put(paid())).toBe('stored');
  });

  it('is not held up by a Valkey that is silent, connected or not', async () => {
    await cache.put(paid());
    process.kill(server.pid, 'SIGSTOP');
    try {
      const started = performance.now();
      expect(await rejectionOf(cache.put(paid()))).toBeInstanceOf(CacheRefusedError);
      expect(await rejectionOf(cache.put(paid()))).toBeInstanceOf(CacheRefusedError);
      // Each at most: a command, a connection, a command again.
      expect(performance.now() - started).toBeLessThan(8_000);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    expect(await cache.put(paid())).toBe('stored');
  });

  it('notices nothing of a connection that was closed while it was frozen', async () => {
    await cache.put(paid());
    const other = createValkeyConnection(urlOf(server));
    await other.run((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    other.close();

    expect(await cache.put(paid())).toBe('stored');
  });

  it('is refused what Valkey has no room for', async () => {
    await connection.run((client) => client.call('CONFIG', 'SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction'));

    expect(await rejectionOf(cache.put(paid()))).toMatchObject({
      name: 'CacheRefusedError',
      message: expect.stringContaining('OOM'),
    });
  });

  it('has every order in its newest version in the end, if each put is repeated until it is confirmed', async () => {
    const orders = Array.from({ length: 40 }, newOrderNumber);
    const puts = orders.flatMap((no) =>
      lifeOfAnOrder.toReversed().map((state) => cachedOrderOf(orderEvent(no, state))),
    );
    let restarting: Promise<unknown> | undefined;
    let refusals = 0;
    async function untilConfirmed(order: (typeof puts)[number]): Promise<void> {
      for (;;) {
        try {
          await cache.put(order);
          return;
        } catch (error) {
          expect(error).toBeInstanceOf(CacheRefusedError);
          refusals += 1;
          await restarting;
        }
      }
    }

    for (const [at, order] of puts.entries()) {
      if (at === 20) await stopValkeyServer(server);
      const confirmed = untilConfirmed(order);
      if (at === 20) {
        restarting = startValkeyServer(server).then((again) => {
          server = again;
        });
      }
      await confirmed;
    }

    expect(refusals).toBeGreaterThan(0);
    // What was confirmed before the failure went with it; what was put since is there, the newest of each.
    const since = orders.slice(5);
    for (const no of since) expect(await cache.get(no)).toMatchObject({ state: 'REFUNDED' });
  });
});
