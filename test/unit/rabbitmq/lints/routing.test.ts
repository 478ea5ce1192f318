import { binding, found, q, x } from '../findings-in.ts';

const direct = { ...x, type: 'direct' };
const topic = { ...x, type: 'topic' };
const toExchange = (source: string, destination: string) => ({
  ...binding,
  source,
  destination,
  destination_type: 'exchange',
});

describe('exchanges', () => {
  const nowhere = (document: object) => found('exchange-leads-nowhere', document).map(({ path }) => path);
  const unreachable = (document: object) => found('unreachable-exchange', document).map(({ path }) => path);
  const internal = { ...x, name: 'i', internal: true };

  it('warn when nothing leads out of them, directly or behind', () => {
    const y = { ...x, name: 'y' };

    expect(nowhere({ exchanges: [x] })).toEqual(['exchanges[0]']);
    expect(nowhere({ exchanges: [x, y], bindings: [toExchange('x', 'y')] })).toEqual(['exchanges[0]', 'exchanges[1]']);
    expect(nowhere({ exchanges: [x, y], bindings: [toExchange('x', 'y'), toExchange('y', 'x')] })).toHaveLength(2);
  });

  it('are fine when a queue is bound, or reached through another or an alternate exchange', () => {
    const y = { ...x, name: 'y' };
    const bindings = [{ ...binding, source: 'y' }];

    expect(nowhere({ exchanges: [x], queues: [q], bindings: [binding] })).toEqual([]);
    expect(nowhere({ exchanges: [x, y], queues: [q], bindings: [...bindings, toExchange('x', 'y')] })).toEqual([]);
    expect(
      nowhere({ exchanges: [{ ...x, arguments: { 'alternate-exchange': 'y' } }, y], queues: [q], bindings }),
    ).toEqual([]);
  });

  it('warn when they are internal and nothing leads to them', () => {
    expect(unreachable({ exchanges: [internal] })).toEqual(['exchanges[0]']);
    expect(unreachable({ exchanges: [{ ...x }] })).toEqual([]);
  });

  it.each([
    ['a binding', { exchanges: [internal, x], bindings: [toExchange('x', 'i')] }],
    ['an alternate exchange', { exchanges: [internal, { ...x, arguments: { 'alternate-exchange': 'i' } }] }],
    ['dead letters', { exchanges: [internal], queues: [{ ...q, arguments: { 'x-dead-letter-exchange': 'i' } }] }],
  ])('are reachable by %s', (_, document) => {
    expect(unreachable(document)).toEqual([]);
  });
});

describe('a queue that no exchange is bound to', () => {
  it('is compatible: the default exchange reaches it (rule 4.3.3)', () => {
    expect(found('unbound-queue', { queues: [q] })).toMatchObject([{ class: 'compatible', path: 'queues[0]' }]);
    expect(found('unbound-queue', { exchanges: [x], queues: [q], bindings: [binding] })).toEqual([]);
  });

  it('is one that only a binding from the default exchange names', () => {
    expect(found('unbound-queue', { queues: [q], bindings: [{ ...binding, source: '' }] })).toHaveLength(1);
  });
});

describe('alternate exchanges', () => {
  const alternate = (exchange: object, bindings: object[]) => ({
    exchanges: [
      { ...topic, arguments: { 'alternate-exchange': 'rest' } },
      { ...exchange, name: 'rest' },
    ],
    queues: [q],
    bindings,
  });
  const withoutKey = (document: object) => found('alternate-exchange-without-key', document);

  it('warn when they are direct and bound by no key (rule 4.4.8)', () => {
    expect(withoutKey(alternate(direct, [{ ...binding, source: 'rest' }]))).toMatchObject([
      { class: 'warning', path: 'exchanges[0].arguments.alternate-exchange' },
    ]);
    expect(withoutKey(alternate(direct, []))).toHaveLength(1);
    expect(withoutKey(alternate(direct, [{ ...binding, source: 'rest', routing_key: 'k' }]))).toEqual([]);
    expect(withoutKey(alternate(x, []))).toEqual([]);
  });

  it('warn when a binding matches everything before they are asked (rule 4.4.4)', () => {
    const unused = (type: string, key: string) =>
      found('alternate-exchange-unused', {
        ...alternate(x, [{ ...binding, routing_key: key }]),
        exchanges: [
          { ...x, type, arguments: { 'alternate-exchange': 'rest' } },
          { ...x, name: 'rest' },
        ],
      });

    expect(unused('fanout', 'k')).toMatchObject([{ class: 'warning' }]);
    expect(unused('topic', '#')).toHaveLength(1);
    expect(unused('topic', 'a.#')).toEqual([]);
    expect(unused('direct', '#')).toEqual([]);
  });
});

describe('binding keys', () => {
  const withKey = (code: string, type: string, key: string, options = {}) =>
    found(code, { exchanges: [{ ...x, type }], queues: [q], bindings: [{ ...binding, routing_key: key }] }, options);

  it('with more than two # warn in dialect 4.3, which refuses to bind so, and nowhere else (rule 4.1.10)', () => {
    const key = 'a.#.b.#.c.#';

    expect(withKey('too-many-hash-words', 'topic', key)).toMatchObject([
      { class: 'warning', path: 'bindings[0].routing_key' },
    ]);
    expect(withKey('too-many-hash-words', 'topic', key, { dialect: '4.0' })).toMatchObject([{ class: 'compatible' }]);
    expect(withKey('too-many-hash-words', 'topic', key, { dialect: '3.13' })).toMatchObject([{ class: 'compatible' }]);
    expect(withKey('too-many-hash-words', 'topic', '#.b.#')).toEqual([]);
    expect(withKey('too-many-hash-words', 'topic', '##.#b.#.#')).toEqual([]);
    expect(withKey('too-many-hash-words', 'direct', key)).toEqual([]);
  });

  it('with adjacent # are shown in their shorter form (rule 4.1.11)', () => {
    expect(withKey('adjacent-hash-words', 'topic', 'a.#.#.#.b')).toMatchObject([
      { class: 'compatible', message: expect.stringContaining("'a.#.b'") },
    ]);
    expect(withKey('adjacent-hash-words', 'topic', '#.*.#')).toEqual([]);
  });

  it.each(['a*', '#b', 'x.order*.y', '**'])('with a wildcard inside a word warn: %s (rule 4.1.4)', (key) => {
    expect(withKey('wildcard-inside-word', 'topic', key)).toMatchObject([{ class: 'warning' }]);
    expect(withKey('wildcard-inside-word', 'direct', key)).toEqual([]);
  });

  it.each(['*', '#', 'a.#'])('with a wildcard mean it literally on a direct exchange: %s (rule 4.3.1)', (key) => {
    expect(withKey('wildcard-on-direct', 'direct', key)).toMatchObject([
      { class: 'warning', path: 'bindings[0].routing_key' },
    ]);
    expect(withKey('wildcard-on-fanout', 'fanout', key)).toMatchObject([{ class: 'compatible' }]);
    expect([...withKey('wildcard-on-direct', 'topic', key), ...withKey('wildcard-on-fanout', 'topic', key)]).toEqual(
      [],
    );
  });

  it('are judged by the type a delayed exchange routes by, and by that of a predeclared one', () => {
    const delayed = { ...x, type: 'x-delayed-message', arguments: { 'x-delayed-type': 'direct' } };
    const bindings = [{ ...binding, routing_key: '#' }];

    expect(found('wildcard-on-direct', { exchanges: [delayed], queues: [q], bindings })).toHaveLength(1);
    expect(
      found('wildcard-on-direct', { queues: [q], bindings: [{ ...bindings[0], source: 'amq.direct' }] }),
    ).toHaveLength(1);
  });
});

describe('duplicate bindings (rule 4.4.10)', () => {
  const among = (code: string, type: string, ...bindings: object[]) =>
    found(code, {
      exchanges: [{ ...x, type }],
      queues: [q],
      bindings: bindings.map((one) => ({ ...binding, ...one })),
    });

  it('are one binding, whatever the order of their arguments', () => {
    const [one, other] = [{ arguments: { a: 1, b: 2 } }, { arguments: { b: 2, a: 1 } }];

    expect(among('duplicate-binding', 'headers', one, other, one)).toMatchObject([
      { class: 'compatible', path: 'bindings[1]' },
      { class: 'compatible', path: 'bindings[2]' },
    ]);
    expect(among('duplicate-binding', 'topic', {}, { arguments: {} })).toHaveLength(1);
    expect(among('duplicate-binding', 'topic', {}, { routing_key: 'k' }, { arguments: { a: 1 } })).toEqual([]);
    expect(among('duplicate-binding', 'headers', { arguments: { a: 1 } }, { arguments: { a: '1' } })).toEqual([]);
  });

  it('differ in arguments that only a headers exchange looks at', () => {
    const [one, other] = [{ arguments: { a: 1 } }, { arguments: { a: 2 } }];

    expect(among('same-key-other-arguments', 'direct', one, other)).toMatchObject([
      { class: 'compatible', path: 'bindings[1]' },
    ]);
    expect(among('same-key-other-arguments', 'headers', one, other)).toEqual([]);
    expect(among('same-key-other-arguments', 'direct', one, { ...other, routing_key: 'k' })).toEqual([]);
  });

  it('are not said to differ when they are identical', () => {
    expect(among('same-key-other-arguments', 'direct', {}, {})).toEqual([]);
  });
});
