import { bindExchange, bindQueue, exchange, queue, topology } from '../topology-builders.ts';
import { routerOf } from './router-of.ts';

const queues = [queue('a'), queue('b'), queue('c')];
const send = (name: string, ...routingKeys: string[]) => ({ vhost: '/', exchange: name, routingKeys });

describe('the default exchange', () => {
  const router = routerOf({ queues: [...queues, queue('far', { vhost: 'other' })] });

  it('takes every key as the name of a queue of its vhost (rule 4.3.3)', () => {
    expect(router.route(send('', 'b', 'a', 'missing', 'b', 'far'))).toEqual(['a', 'b']);
    expect(router.route({ vhost: 'other', exchange: '', routingKeys: ['far', 'a'] })).toEqual(['far']);
  });

  it('leaves a message unroutable when no key names a queue', () => {
    expect(router.route(send('', 'missing'))).toEqual([]);
  });
});

describe('a direct exchange', () => {
  const router = routerOf(
    topology({
      exchanges: [exchange('x', 'direct')],
      queues,
      bindings: [bindQueue('x', 'a', 'key'), bindQueue('x', 'b', '#'), bindQueue('x', 'c', 'other')],
    }),
  );

  it('matches equal keys only; wildcards are letters (rule 4.3.1)', () => {
    expect(router.route(send('x', 'key'))).toEqual(['a']);
    expect(router.route(send('x', '#'))).toEqual(['b']);
    expect(router.route(send('x', 'KEY'))).toEqual([]);
  });

  it('routes by the routing key, CC and BCC alike (rule 4.1.9)', () => {
    expect(router.route(send('x', 'other', 'key'))).toEqual(['a', 'c']);
  });
});

describe('a fanout exchange', () => {
  it('ignores keys (rule 4.3.2)', () => {
    const bindings = [bindQueue('x', 'a', 'key'), bindQueue('x', 'b')];
    const router = routerOf({ exchanges: [exchange('x', 'fanout')], queues, bindings });

    expect(router.route(send('x', 'anything'))).toEqual(['a', 'b']);
  });
});

describe('a topic exchange', () => {
  it('delivers one copy to a queue that several bindings and several keys lead to (rule 4.4.2)', () => {
    const bindings = [bindQueue('x', 'a', 'order.*'), bindQueue('x', 'a', 'order.#'), bindQueue('x', 'b', '*.paid')];
    const router = routerOf({ exchanges: [exchange('x', 'topic')], queues, bindings });

    expect(router.route(send('x', 'order.paid', 'order.shipped'))).toEqual(['a', 'b']);
  });

  it('has its bindings with an empty key for itself (rule 4.1.12)', () => {
    const exchanges = [exchange('x', 'topic'), exchange('y', 'topic')];
    const router = routerOf({ exchanges, queues, bindings: [bindQueue('x', 'a'), bindQueue('y', 'b')] });

    expect(router.route(send('x', ''))).toEqual(['a']);
    expect(router.route(send('y', ''))).toEqual(['b']);
    expect(router.route(send('amq.topic', ''))).toEqual([]);
  });
});

describe('the predeclared exchanges', () => {
  it('are there without being declared, in every vhost that holds something (rule 4.3.6)', () => {
    const bindings = [
      bindQueue('amq.direct', 'a', 'key'),
      bindQueue('amq.topic', 'b', 'k.*'),
      bindQueue('amq.fanout', 'c'),
    ];
    const router = routerOf({ queues: [...queues, queue('far', { vhost: 'other' })], bindings });

    expect(router.route(send('amq.direct', 'key'))).toEqual(['a']);
    expect(router.route(send('amq.topic', 'k.1'))).toEqual(['b']);
    expect(router.route(send('amq.fanout', 'any'))).toEqual(['c']);
    expect(router.exchange('other', 'amq.topic')).toMatchObject({ vhost: 'other', type: 'topic', internal: false });
    expect(router.exchange('nowhere', '')).toBeUndefined();
  });
});

describe('an exchange that does not exist', () => {
  it('routes nothing', () => {
    const router = routerOf({ queues });

    expect(router.exchange('/', 'missing')).toBeUndefined();
    expect(router.route(send('missing', 'a'))).toEqual([]);
  });
});

describe('exchanges bound to exchanges', () => {
  it('each decide by the message’s own keys (rule 4.4.3)', () => {
    const exchanges = [exchange('first', 'topic'), exchange('second', 'direct')];
    const bindings = [
      bindExchange('first', 'second', 'order.#'),
      bindQueue('second', 'a', 'order.paid'),
      bindQueue('second', 'b', 'order.#'),
    ];
    const router = routerOf({ exchanges, queues, bindings });

    expect(router.route(send('first', 'order.paid'))).toEqual(['a']);
  });

  it('may form a cycle, and may name an exchange that is missing (rule 4.4.3)', () => {
    const exchanges = [exchange('first', 'fanout'), exchange('second', 'fanout')];
    const bindings = [
      bindExchange('first', 'second'),
      bindExchange('second', 'first'),
      bindExchange('second', 'second'),
      bindExchange('first', 'missing'),
      bindQueue('first', 'a'),
      bindQueue('second', 'a'),
      bindQueue('second', 'b'),
    ];
    const router = routerOf({ exchanges, queues, bindings });

    expect(router.route(send('first', ''))).toEqual(['a', 'b']);
    expect(router.route(send('second', ''))).toEqual(['a', 'b']);
  });

  it('stay in their vhost', () => {
    const exchanges = [exchange('x', 'fanout'), exchange('x', 'fanout', { vhost: 'other' })];
    const bindings = [bindQueue('x', 'a'), bindQueue('x', 'far', '', 'other')];
    const router = routerOf(topology({ exchanges, queues: [...queues, queue('far', { vhost: 'other' })], bindings }));

    expect(router.route(send('x', ''))).toEqual(['a']);
    expect(router.route({ vhost: 'other', exchange: 'x', routingKeys: [''] })).toEqual(['far']);
  });
});

describe('an alternate exchange', () => {
  const withAlternate = (alternateExchange: string) => exchange('x', 'direct', { alternateExchange });

  it('gets what its exchange has no destination for, and only that (rule 4.4.4)', () => {
    const exchanges = [withAlternate('rest'), exchange('rest', 'fanout')];
    const bindings = [bindQueue('x', 'a', 'key'), bindQueue('rest', 'b')];
    const router = routerOf({ exchanges, queues, bindings });

    expect(router.route(send('x', 'key'))).toEqual(['a']);
    expect(router.route(send('x', 'other'))).toEqual(['b']);
    expect(router.route(send('x', 'other', 'key'))).toEqual(['a']);
  });

  it('is not asked when the exchange routed to another one that then drops the message (rules 4.4.4, 4.4.5)', () => {
    const exchanges = [withAlternate('rest'), exchange('dead-end', 'direct'), exchange('rest', 'fanout')];
    const bindings = [bindExchange('x', 'dead-end', 'key'), bindQueue('rest', 'b')];
    const router = routerOf({ exchanges, queues, bindings });

    expect(router.route(send('x', 'key'))).toEqual([]);
  });

  it('routes by the original key and its own type (rule 4.4.8)', () => {
    const exchanges = [withAlternate('rest'), exchange('rest', 'topic')];
    const bindings = [bindQueue('rest', 'a', 'order.*'), bindQueue('rest', 'b', 'else.#')];
    const router = routerOf({ exchanges, queues, bindings });

    expect(router.route(send('x', 'order.paid'))).toEqual(['a']);
    expect(router.route(send('x', 'unheard.of'))).toEqual([]);
  });

  it('may have one of its own, and each is asked once (rule 4.4.7)', () => {
    const exchanges = [
      withAlternate('second'),
      exchange('second', 'direct', { alternateExchange: 'third' }),
      exchange('third', 'topic', { alternateExchange: 'x' }),
    ];
    const router = routerOf({ exchanges, queues, bindings: [bindQueue('third', 'c', 'found.*')] });

    expect(router.route(send('x', 'found.late'))).toEqual(['c']);
    expect(router.route(send('x', 'lost'))).toEqual([]);
  });

  it('that is missing leaves the message unrouted (rule 4.4.7)', () => {
    const router = routerOf({ exchanges: [withAlternate('missing')], queues });

    expect(router.route(send('x', 'key'))).toEqual([]);
  });

  it('serves messages that came through a binding from another exchange', () => {
    const exchanges = [exchange('front', 'fanout'), withAlternate('rest'), exchange('rest', 'fanout')];
    const bindings = [bindExchange('front', 'x'), bindQueue('front', 'a'), bindQueue('rest', 'b')];
    const router = routerOf({ exchanges, queues, bindings });

    expect(router.route(send('front', 'nothing matches'))).toEqual(['a', 'b']);
  });
});

describe('a vhost in which nothing is declared', () => {
  it('has the predeclared exchanges (rule 4.3.6), and one that does not exist has none', () => {
    const router = routerOf({ vhosts: ['empty'] });

    expect(router.exchange('empty', 'amq.topic')).toMatchObject({ type: 'topic' });
    expect(router.exchange('typo', 'amq.topic')).toBeUndefined();
  });
});

describe('the default exchange behind another one', () => {
  const exchanges = [
    exchange('x', 'fanout', { alternateExchange: '' }),
    exchange('e', 'fanout'),
    // As a policy gives it one.
    exchange('', 'direct', { alternateExchange: 'e' }),
  ];
  const router = routerOf({ exchanges, queues: [queue('a'), queue('b')], bindings: [bindQueue('e', 'b')] });
  const route = (name: string, key: string) => router.route({ vhost: '/', exchange: name, routingKeys: [key] });

  it('routes by no queue’s name, only to the alternate exchange a policy gave it (run on three brokers)', () => {
    expect(route('x', 'a')).toEqual(['b']);
  });

  it('has none for what is published to it (rule 4.3.4)', () => {
    expect(route('', 'a')).toEqual(['a']);
    expect(route('', 'nobody')).toEqual([]);
  });
});
