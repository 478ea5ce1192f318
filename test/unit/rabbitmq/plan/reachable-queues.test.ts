import * as fc from 'fast-check';
import { reachableQueues } from '../../../../rabbitmq/plan/reachable-queues.ts';
import { createRouter } from '../../../../rabbitmq/routing/router.ts';
import { anyMessage, anyTopology } from '../routing/random-topologies.ts';
import { bindExchange, bindQueue, exchange, queue, topology } from '../topology-builders.ts';

const names = (...args: Parameters<typeof reachableQueues>) => reachableQueues(...args).map(({ name }) => name);

describe('the queues an exchange can reach', () => {
  const shop = topology({
    exchanges: [
      exchange('orders', 'topic', { alternateExchange: 'rest' }),
      exchange('audit', 'fanout'),
      exchange('rest', 'fanout'),
      exchange('others', 'fanout'),
      exchange('dead', 'direct', { alternateExchange: '' }),
    ],
    queues: [queue('paid'), queue('log'), queue('unrouted'), queue('far', { vhost: 'other' })],
    bindings: [
      bindQueue('orders', 'paid', 'order.paid'),
      bindExchange('orders', 'audit', 'order.#'),
      bindExchange('audit', 'orders'),
      bindQueue('audit', 'log'),
      bindQueue('rest', 'unrouted'),
      bindQueue('orders', 'far', '#', 'other'),
    ],
  });

  it('lie behind its bindings, its alternate exchange and the exchanges behind those, in its vhost', () => {
    expect(names(shop, '/', 'orders')).toEqual(['paid', 'log', 'unrouted']);
    expect(names(shop, '/', 'others')).toEqual([]);
  });

  it('lie where a delay ends, too: the publisher itself sends there', () => {
    const delayed = topology({
      exchanges: [exchange('in', 'fanout'), exchange('late', 'fanout')],
      queues: [queue('wait', { delayQueue: true, messageTtl: 1, deadLetterExchange: 'late' }), queue('work')],
      bindings: [bindQueue('in', 'wait'), bindQueue('late', 'work')],
    });

    expect(names(delayed, '/', 'in')).toEqual(['wait', 'work']);
  });

  it('lie where a full queue dead-letters to, too', () => {
    const full = { type: 'classic', maxLength: 1, deadLetterExchange: 'dead' } as const;
    const bindings = [bindQueue('in', 'work'), bindQueue('dead', 'over')];
    const reached = (overflow: 'reject-publish' | 'reject-publish-dlx') =>
      names(
        topology({
          exchanges: [exchange('in', 'fanout'), exchange('dead', 'fanout')],
          queues: [queue('work', { ...full, overflow }), queue('over')],
          bindings,
        }),
        '/',
        'in',
      );

    expect(reached('reject-publish-dlx')).toEqual(['work', 'over']);
    expect(reached('reject-publish')).toEqual(['work']);
  });

  it('are all of the vhost for the default exchange, also behind another one', () => {
    expect(names(shop, '/', '')).toEqual(['paid', 'log', 'unrouted']);
    expect(names(shop, '/', 'dead')).toEqual(['paid', 'log', 'unrouted']);
    expect(names(shop, 'other', '')).toEqual(['far']);
  });

  it('include every queue that any message is routed to', () => {
    fc.assert(
      fc.property(anyTopology, anyMessage, (random, message) => {
        const routed = createRouter(random, { random: () => 0 }).route(message);

        expect(names(random, '/', message.exchange)).toEqual(expect.arrayContaining(routed));
      }),
      { numRuns: 1_000 },
    );
  });
});
