import { found } from '../findings-in.ts';

const exchange = (name: string, type: string, changes: object = {}) => ({ name, vhost: '/', type, ...changes });
const queue = (name: string, table: object = {}) => ({ name, vhost: '/', arguments: table });
const bound = (source: string, destination: string, key = '', changes: object = {}) => ({
  source,
  vhost: '/',
  destination,
  destination_type: 'queue',
  routing_key: key,
  ...changes,
});
const dlx = (name: string, key?: string) => ({
  'x-dead-letter-exchange': name,
  ...(key !== undefined && { 'x-dead-letter-routing-key': key }),
});

describe('a dead-letter exchange that nothing is bound to (rule 4.6.6)', () => {
  const unbound = (document: object) => found('dead-letter-exchange-unbound', document);

  it('is a warning at the argument that names it', () => {
    expect(unbound({ exchanges: [exchange('d', 'fanout')], queues: [queue('q', dlx('d'))] })).toMatchObject([
      {
        class: 'warning',
        path: 'queues[0].arguments.x-dead-letter-exchange',
        message: expect.stringMatching(/4\.6\.6/),
      },
    ]);
  });

  it('is found at the queue when a policy names it', () => {
    const policy = {
      name: 'p',
      vhost: '/',
      pattern: '^q',
      'apply-to': 'queues',
      definition: { 'dead-letter-exchange': 'd' },
    };
    const document = { policies: [policy], exchanges: [exchange('d', 'fanout')], queues: [queue('q')] };

    expect(unbound(document)).toMatchObject([{ path: 'queues[0]' }]);
    expect(found('missing-dead-letter-exchange', { ...document, exchanges: [] })).toMatchObject([
      { path: 'queues[0]' },
    ]);
  });

  it.each([
    [
      'a queue is bound to it',
      { exchanges: [exchange('d', 'fanout')], queues: [queue('q', dlx('d'))], bindings: [bound('d', 'q')] },
    ],
    [
      'it has an alternate exchange',
      {
        exchanges: [exchange('d', 'direct', { arguments: { 'alternate-exchange': 'amq.fanout' } })],
        queues: [queue('q', dlx('d'))],
      },
    ],
    ['it is the default exchange', { queues: [queue('q', dlx('', 'q'))] }],
    ['it is not there at all, which is said already', { queues: [queue('q', dlx('d'))] }],
  ])('is none when %s', (_, document) => {
    expect(unbound(document)).toEqual([]);
  });
});

describe('a dead-letter key that reaches no queue (rules 4.6.3, 4.6.6)', () => {
  const unmatched = (type: string, table: object, key: string, bindings: object[] = []) =>
    found('dead-letter-key-unmatched', {
      exchanges: [exchange('in', 'topic'), exchange('d', type)],
      queues: [queue('q', table), queue('dead')],
      bindings: [...bindings, bound('d', 'dead', key, { arguments: { tenant: 'a' } })],
    });

  it.each([
    ['direct', 'dead', 'dead.*'],
    ['direct', 'late', 'dead'],
    ['topic', 'late.q', 'dead.#'],
    ['x-consistent-hash', undefined, undefined],
  ])('is found by the rules of a %s exchange', (type, key, bindingKey) => {
    if (key === undefined) expect(unmatched(type, dlx('d', 'any'), '1')).toEqual([]);
    else {
      expect(unmatched(type, dlx('d', key), bindingKey)).toMatchObject([
        { class: 'warning', path: 'queues[0].arguments.x-dead-letter-routing-key' },
      ]);
    }
  });

  it.each([
    ['direct', 'dead', 'dead'],
    ['topic', 'dead.q', 'dead.#'],
    ['fanout', 'anything', ''],
    ['headers', 'anything', ''],
  ])('is none when the %s exchange takes it, or may', (type, key, bindingKey) => {
    expect(unmatched(type, dlx('d', key), bindingKey)).toEqual([]);
  });

  it('may be the message’s own, which it keeps when the queue names none', () => {
    expect(unmatched('direct', dlx('d'), 'dead', [bound('in', 'q', 'order.paid')])).toMatchObject([
      { path: 'queues[0].arguments.x-dead-letter-exchange', message: expect.stringContaining("'order.paid'") },
    ]);
    expect(unmatched('direct', dlx('d'), 'order.paid', [bound('in', 'q', 'order.paid')])).toEqual([]);
  });

  it('is not guessed where a wildcard lets many keys in', () => {
    expect(unmatched('direct', dlx('d'), 'dead', [bound('in', 'q', 'order.*')])).toEqual([]);
  });

  it('is the name of a queue for the default exchange', () => {
    const document = (key: string) => ({ queues: [queue('q', dlx('', key)), queue('dead')] });

    expect(found('dead-letter-key-unmatched', document('gone'))).toMatchObject([{ class: 'warning' }]);
    expect(found('dead-letter-key-unmatched', document('dead'))).toEqual([]);
  });

  it('goes by alternate exchanges and exchanges behind, as the letter does (rule 4.6.8)', () => {
    const document = (alternate: object) => ({
      exchanges: [exchange('d', 'direct', alternate), exchange('rest', 'fanout')],
      queues: [queue('q', dlx('d', 'late')), queue('dead')],
      bindings: [bound('d', 'dead', 'x'), bound('rest', 'dead')],
    });

    expect(found('dead-letter-key-unmatched', document({}))).toHaveLength(1);
    expect(found('dead-letter-key-unmatched', document({ arguments: { 'alternate-exchange': 'rest' } }))).toEqual([]);
  });
});

describe('dead letters that go round (rules 4.6.14 to 4.6.16)', () => {
  it('are found when the queue is its own dead-letter target', () => {
    expect(found('dead-letter-to-itself', { queues: [queue('q', dlx('', 'q'))] })).toMatchObject([
      {
        class: 'warning',
        path: 'queues[0].arguments.x-dead-letter-exchange',
        message: expect.stringMatching(/4\.6\.14.*4\.6\.15/),
      },
    ]);
  });

  it('are found when they keep the queue’s name as key (rule 4.6.16)', () => {
    expect(found('dead-letter-to-itself', { queues: [queue('q', dlx(''))] })).toHaveLength(1);
  });

  it('are found once, over several queues, with the way they take', () => {
    const document = { queues: [queue('a', dlx('', 'b')), queue('b', dlx('', 'c')), queue('c', dlx('', 'a'))] };

    expect(found('dead-letter-cycle', document)).toMatchObject([
      {
        class: 'warning',
        path: 'queues[0].arguments.x-dead-letter-exchange',
        message: expect.stringContaining("'a' → 'b' → 'c' → 'a'"),
      },
    ]);
  });

  it('are found each when a queue has two ways back', () => {
    const document = {
      exchanges: [exchange('d', 'fanout')],
      queues: [queue('a', dlx('d')), queue('b', dlx('', 'a')), queue('c', dlx('', 'a'))],
      bindings: [bound('d', 'b'), bound('d', 'c')],
    };

    expect(
      found('dead-letter-cycle', document)
        .map(({ message }) => message.split(':')[0])
        .sort(),
    ).toEqual(["dead letters go round, 'a' → 'b' → 'a'", "dead letters go round, 'a' → 'c' → 'a'"]);
  });

  it('are found by an example of a key that a wildcard lets in', () => {
    const document = {
      exchanges: [exchange('in', 'topic')],
      queues: [queue('work', dlx('in'))],
      bindings: [bound('in', 'work', 'order.*.#')],
    };

    expect(found('dead-letter-to-itself', document)).toHaveLength(1);
  });

  it.each([
    ['they end in a queue without a dead-letter exchange', [queue('a', dlx('', 'b')), queue('b')]],
    ['two ways meet again', [queue('a', dlx('', 'c')), queue('b', dlx('', 'c')), queue('c', dlx('', 'd')), queue('d')]],
    [
      'the queue of that name is in another vhost',
      [{ ...queue('a', dlx('', 'b')), vhost: 'v' }, queue('b', dlx('', 'a'))],
    ],
  ])('are none when %s', (_, queues) => {
    expect(found('dead-letter-cycle', { queues })).toEqual([]);
    expect(found('dead-letter-to-itself', { queues })).toEqual([]);
  });

  it('are found over a chain longer than a call stack', () => {
    const length = 12_000;
    const queues = Array.from({ length }, (_, at) => queue(`q${at}`, dlx('', `q${(at + 1) % length}`)));

    expect(found('dead-letter-cycle', { queues })).toHaveLength(1);
  });
});

describe('overflow on a quorum queue (rule 4.11.4)', () => {
  const overflow = (type: string, value: string) =>
    found('overflow-of-another-type', { queues: [queue('q', { 'x-queue-type': type, 'x-overflow': value })] });

  it('is a warning for reject-publish-dlx', () => {
    expect(overflow('quorum', 'reject-publish-dlx')).toMatchObject([
      { class: 'warning', path: 'queues[0].arguments.x-overflow' },
    ]);
    expect(overflow('quorum', 'reject-publish')).toEqual([]);
    expect(overflow('classic', 'reject-publish-dlx')).toEqual([]);
  });
});
