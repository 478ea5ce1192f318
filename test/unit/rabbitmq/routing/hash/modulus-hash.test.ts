import type { Binding } from '../../../../../rabbitmq/topology.ts';
import { bindQueue, exchange, queue } from '../../topology-builders.ts';
import { routerOf } from '../router-of.ts';

const queues = ['m1', 'm2', 'm3', 'é', '队'].map((name) => queue(name));
const bindings: readonly Binding[] = [
  bindQueue('x', 'm3', 'a'),
  bindQueue('x', 'm3', 'b'),
  bindQueue('x', 'm1'),
  bindQueue('x', '队'),
  bindQueue('x', 'é'),
  bindQueue('x', 'm2'),
  { ...bindQueue('x', 'm2'), arguments: { same: 'key' } },
];
const router = routerOf({ exchanges: [exchange('x', 'x-modulus-hash')], queues, bindings });
const chosen = (...routingKeys: string[]) => router.route({ vhost: '/', exchange: 'x', routingKeys }).join();

describe('a modulus-hash exchange', () => {
  it('chooses the queues that RabbitMQ 4.3.6 chose, where each binding counts', () => {
    const expected = 'm3 队 m3 m2 m3 m1 m3 m3 m3 m3 队 m3 m2 é m3 é m1 m3 m3 é';

    expect(expected.split(' ').map((_, at) => chosen(`key${at}`))).toEqual(expected.split(' '));
  });

  it('hashes all keys, in their order', () => {
    expect([chosen('a', 'b'), chosen('b', 'a'), chosen('a', 'b', 'c')]).toEqual(['é', 'm3', 'm2']);
    expect([chosen('订单', ''), chosen('')]).toEqual(['m3', 'm3']);
  });

  it('does not care in which order it was bound', () => {
    const other = routerOf({ exchanges: [exchange('x', 'x-modulus-hash')], queues, bindings: bindings.toReversed() });

    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      expect(other.route({ vhost: '/', exchange: 'x', routingKeys: [key] }).join()).toBe(chosen(key));
    }
  });

  it('counts a binding made twice once (rule 4.4.10; seen on 4.3.6)', () => {
    const again = bindings.map((binding) => ({ ...binding }));
    const other = routerOf({ exchanges: [exchange('x', 'x-modulus-hash')], queues, bindings: [...bindings, ...again] });

    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      expect(other.route({ vhost: '/', exchange: 'x', routingKeys: [key] }).join()).toBe(chosen(key));
    }
  });

  it('without bindings routes nothing', () => {
    const empty = routerOf({ exchanges: [exchange('x', 'x-modulus-hash')], queues });

    expect(empty.route({ vhost: '/', exchange: 'x', routingKeys: ['key'] })).toEqual([]);
  });
});
