import { consumedQueue, keyPrefixOf } from '../../../../../lambdas/shared/consumer/consumed-queue.ts';
import { queue, topology } from '../../../rabbitmq/topology-builders.ts';

describe('the queue of a consumer', () => {
  const two = topology({ queues: [queue('work', { vhost: 'shop' }), queue('work')] });

  it('is one of the default vhost, or of the vhost it names', () => {
    expect(consumedQueue(two, { queue: 'work' }).vhost).toBe('/');
    expect(consumedQueue(two, { vhost: 'shop', queue: 'work' }).vhost).toBe('shop');
    expect(() => consumedQueue(two, { vhost: 'mail', queue: 'work' })).toThrow("no queue 'work' in vhost 'mail'");
  });

  it('has business keys of its own', () => {
    const prefixes = [{ queue: 'work' }, { vhost: 'shop', queue: 'work' }, { vhost: 'mail', queue: 'work' }].map(
      keyPrefixOf,
    );

    expect(prefixes[0]).toBe('work');
    expect(new Set(prefixes).size).toBe(3);
  });
});
