import { bindExchange, bindQueue, exchange, queue } from '../topology-builders.ts';
import { routerOf } from './router-of.ts';

const queues = [queue('a'), queue('b')];
const send = (name: string, ...routingKeys: string[]) => ({ vhost: '/', exchange: name, routingKeys });

describe('the explanation of a route', () => {
  it('names each exchange in order, how it was reached, its type and what matched', () => {
    const toSecond = bindExchange('first', 'second', 'order.#');
    const [toA, toB] = [bindQueue('first', 'a', '*.paid'), bindQueue('second', 'b', 'order.paid')];
    const router = routerOf({
      exchanges: [exchange('first', 'topic'), exchange('second', 'direct')],
      queues,
      bindings: [toSecond, toA, toB, bindQueue('first', 'b', 'else')],
    });

    expect(router.explain(send('first', 'order.paid'))).toEqual([
      {
        exchange: 'first',
        type: 'topic',
        reached: { by: 'publish' },
        matches: expect.arrayContaining([{ binding: toSecond }, { binding: toA }]),
        unroutable: false,
      },
      {
        exchange: 'second',
        type: 'direct',
        reached: { by: 'binding', from: 'first' },
        matches: [{ binding: toB }],
        unroutable: false,
      },
    ]);
  });

  it('says why a destination was dropped (rules 4.4.2, 4.4.3)', () => {
    const bindings = [
      bindQueue('x', 'a', '1'),
      bindQueue('x', 'a', '2'),
      bindExchange('x', 'x'),
      bindExchange('x', 'missing'),
      bindExchange('x', ''),
    ];
    const router = routerOf({ exchanges: [exchange('x', 'fanout')], queues, bindings });

    const [hop] = router.explain(send('x', 'key'));
    expect(hop?.matches.map(({ dropped }) => dropped)).toEqual([
      undefined,
      'already routed',
      'already visited',
      'missing exchange',
      undefined,
    ]);
  });

  it('lists a binding once that two keys of the message match', () => {
    const router = routerOf({
      exchanges: [exchange('x', 'topic')],
      queues,
      bindings: [bindQueue('x', 'a', '#')],
    });

    const [hop] = router.explain(send('x', 'one', 'two'));
    expect(hop?.matches).toEqual([{ binding: bindQueue('x', 'a', '#') }]);
  });

  it('follows an alternate exchange, and says when it was used and when not (rules 4.4.4, 4.4.7)', () => {
    const exchanges = [
      exchange('x', 'direct', { alternateExchange: 'y' }),
      exchange('y', 'direct', { alternateExchange: 'x' }),
      exchange('z', 'direct', { alternateExchange: 'gone' }),
      exchange('d', 'direct', { alternateExchange: '' }),
    ];
    const router = routerOf({ exchanges, queues, bindings: [bindQueue('x', 'a', 'key')] });
    const told = (name: string, key: string) =>
      router.explain(send(name, key)).map((hop) => [hop.exchange, hop.reached, hop.alternate, hop.unroutable]);

    expect(told('x', 'key')).toEqual([['x', { by: 'publish' }, { exchange: 'y', use: 'not used' }, false]]);
    expect(told('x', 'other')).toEqual([
      ['x', { by: 'publish' }, { exchange: 'y', use: 'used' }, false],
      ['y', { by: 'alternate exchange', of: 'x' }, { exchange: 'x', use: 'already visited' }, true],
    ]);
    expect(told('z', '')).toEqual([['z', { by: 'publish' }, { exchange: 'gone', use: 'missing exchange' }, true]]);
    expect(told('d', 'a')).toEqual([
      ['d', { by: 'publish' }, { exchange: '', use: 'used' }, false],
      ['', { by: 'alternate exchange', of: 'd' }, undefined, true],
    ]);
  });

  it('shows the default exchange’s implied bindings, and none that was added to it (rules 4.3.3, 4.3.5)', () => {
    const router = routerOf({ queues, bindings: [bindQueue('', 'b', 'a')] });

    expect(router.route(send('', 'a'))).toEqual(['a']);
    expect(router.explain(send('', 'a', 'nobody'))).toEqual([
      {
        exchange: '',
        type: 'direct',
        reached: { by: 'publish' },
        matches: [{ binding: bindQueue('', 'a', 'a') }],
        unroutable: false,
      },
    ]);
    expect(router.explain(send('', 'nobody'))).toMatchObject([{ matches: [], unroutable: true }]);
  });

  it('is empty for an exchange or a vhost that is missing', () => {
    const router = routerOf({ queues });

    expect(router.explain(send('gone', 'a'))).toEqual([]);
    expect(router.explain({ ...send('', 'a'), vhost: 'gone' })).toEqual([]);
  });
});
