import { bindQueue, exchange, queue } from '../topology-builders.ts';
import { routerOf } from './router-of.ts';

const queues = [queue('a'), queue('b')];
const bindings = [bindQueue('x', 'a', '1'), bindQueue('x', 'a', '2'), bindQueue('x', 'b', 'any')];

describe('an x-random exchange', () => {
  it('picks one binding by the caller’s random number, whatever the key', () => {
    const picked = [0, 0.34, 0.67, 0.999].map((random) =>
      routerOf({ exchanges: [exchange('x', 'x-random')], queues, bindings }, () => random).route({
        vhost: '/',
        exchange: 'x',
        routingKeys: ['other'],
      }),
    );

    expect(picked).toEqual([['a'], ['a'], ['b'], ['b']]);
  });

  it('without bindings routes nothing', () => {
    const router = routerOf({ exchanges: [exchange('x', 'x-random')], queues });

    expect(router.route({ vhost: '/', exchange: 'x', routingKeys: [''] })).toEqual([]);
  });
});

describe('a delayed exchange', () => {
  it('routes as its type, once the delay has passed (rule 4.11.5)', () => {
    const exchanges = [exchange('x', 'direct', { delayed: true })];
    const router = routerOf({ exchanges, queues, bindings });

    expect(router.route({ vhost: '/', exchange: 'x', routingKeys: ['any'] })).toEqual(['b']);
  });
});
