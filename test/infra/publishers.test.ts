import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createOrdersConsumer } from '../../lambdas/orders/orders-consumer.ts';
import type { OutboxMessage } from '../../lambdas/shared/outbox/outbox-message.ts';
import { paymentsExchange } from '../../lambdas/wechat-pay-notify/to-message.ts';
import { checkPublishers, PublisherWithoutExchangeError, publishers } from '../../lib/publishers.ts';
import { isRefusal } from '../../lib/warren-app.ts';
import { analyse } from '../../rabbitmq/analyse.ts';
import type { Exchange, Topology } from '../../rabbitmq/topology.ts';
import { errorOf, message, now, silentLog } from '../unit/lambdas/builders.ts';
import { payment } from '../unit/lambdas/shared/orders/orders.ts';

const definitions = readFileSync(path.join(import.meta.dirname, '../../topology/definitions.json'));
const { topology: ours } = analyse(definitions);

/** Our topology with the exchange of that name changed, or without it. */
const withExchange = (name: string, changes: Partial<Exchange>): Topology => ({
  ...ours,
  exchanges: ours.exchanges.map((one) => (one.name === name ? { ...one, ...changes } : one)),
});

describe('synth', () => {
  it('takes a topology that has every exchange our functions publish to', () => {
    expect(() => checkPublishers(ours, 'definitions.json', ['orders'])).not.toThrow();
  });

  it('asks for no exchange of a function that is not deployed', () => {
    expect(() => checkPublishers({ ...ours, exchanges: [] }, 'theirs.json', [])).not.toThrow();
  });

  it.each([
    [
      'renamed',
      'orders',
      { name: 'ordres' },
      /'orders' publishes to the exchange 'orders', which definitions.json does not declare in vhost '\/': did you mean 'ordres'/,
    ],
    [
      'in another vhost',
      'payments',
      { vhost: 'shop' },
      /'wechat-pay-notify' publishes to the exchange 'payments', which definitions.json does not declare/,
    ],
    ['internal', 'orders', { internal: true }, /which definitions.json declares internal/],
  ])(
    'refuses one in which such an exchange is %s, naming the function and what may be meant',
    (_, name, changes, said) => {
      const error = errorOf(() => checkPublishers(withExchange(name, changes), 'definitions.json', ['orders']));

      expect(error).toBeInstanceOf(PublisherWithoutExchangeError);
      expect((error as Error).message).toMatch(said);
      expect(isRefusal(error)).toBe(true);
    },
  );
});

describe('lib/publishers.ts', () => {
  it('names the exchanges that the functions name', async () => {
    const events: OutboxMessage[] = [];
    const store = {
      async markPaid(_: unknown, event: OutboxMessage) {
        events.push(event);
        return { outcome: 'applied' as const };
      },
    };
    await createOrdersConsumer({ store, now: () => now, newEventId: () => 'e' }).handle({
      body: payment,
      message: message(),
      log: silentLog,
    });

    expect({
      orders: events[0]?.message.exchange,
      'wechat-pay-notify': paymentsExchange,
    }).toEqual(Object.fromEntries(Object.entries(publishers).map(([name, { exchange }]) => [name, exchange])));
  });
});
