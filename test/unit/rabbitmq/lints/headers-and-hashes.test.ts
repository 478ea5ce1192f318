import { binding, findingsIn, found, q, x } from '../findings-in.ts';

const headers = (table: object) => ({
  exchanges: [{ ...x, type: 'headers' }],
  queues: [q],
  bindings: [{ ...binding, arguments: table }],
});

describe('a binding of a headers exchange', () => {
  it.each([[{}], [{ 'x-match': 'all' }], [{ 'x-match': 'all', 'x-tenant': 'a' }], [{ 'x-match': 'all-with-x' }]])(
    'matches everything: %j (rule 4.2.6)',
    (table) => {
      expect(found('headers-binding-matches-everything', headers(table))).toMatchObject([
        { class: 'warning', path: 'bindings[0].arguments' },
      ]);
    },
  );

  it.each([[{ 'x-match': 'any' }], [{ 'x-match': 'any', 'x-tenant': 'a' }], [{ 'x-match': 'any-with-x' }]])(
    'matches nothing: %j (rule 4.2.7)',
    (table) => {
      expect(found('headers-binding-matches-nothing', headers(table))).toMatchObject([{ class: 'warning' }]);
    },
  );

  it.each([
    [{ tenant: 'a' }],
    [{ 'x-match': 'any', tenant: null }],
    [{ 'x-match': 'all-with-x', 'x-tenant': 'a' }],
    [{ 'x-match': 'any-with-x', 'x-tenant': 'a' }],
  ])('is fine when a header counts: %j', (table) => {
    expect(findingsIn(headers(table)).filter(({ code }) => code.startsWith('headers-binding'))).toEqual([]);
  });

  it.each([['most'], [1], [null], [true], ['ALL']])('is refused when x-match is %j (rule 4.2.3)', (way) => {
    expect(found('invalid-x-match', headers({ 'x-match': way, tenant: 'a' }))).toMatchObject([
      { class: 'blocking', path: 'bindings[0].arguments.x-match' },
    ]);
  });

  it('may come from a predeclared one', () => {
    const bindings = [{ ...binding, source: 'amq.match', arguments: { 'x-match': 'any' } }];

    expect(found('headers-binding-matches-nothing', { queues: [q], bindings })).toHaveLength(1);
  });
});

describe('arguments of a binding of another exchange', () => {
  it('are ignored, whatever they are', () => {
    const document = { ...headers({ 'x-match': 'most' }), exchanges: [{ ...x, type: 'topic' }] };

    expect(found('binding-arguments-ignored', document)).toMatchObject([
      { class: 'compatible', path: 'bindings[0].arguments' },
    ]);
    expect(found('invalid-x-match', document)).toEqual([]);
    expect(found('binding-arguments-ignored', { ...document, bindings: [{ ...binding, arguments: [] }] })).toEqual([]);
  });
});

describe('a consistent-hash exchange', () => {
  const hash = (...bindings: object[]) => ({
    exchanges: [{ ...x, type: 'x-consistent-hash' }],
    queues: [q, { ...q, name: 'r' }],
    bindings: bindings.map((one) => ({ ...binding, routing_key: '1', ...one })),
  });

  it.each(['', '0', '10001', '-1', '1.5', 'one', '1e3', ' 1'])('takes no weight of %j (rule 4.10.1)', (weight) => {
    expect(found('hash-weight', hash({ routing_key: weight }))).toMatchObject([
      { class: 'blocking', path: 'bindings[0].routing_key' },
    ]);
  });

  it.each(['1', '10000', '007'])('takes the weight %j', (weight) => {
    expect(found('hash-weight', hash({ routing_key: weight }))).toEqual([]);
  });

  it('counts the first binding of a destination only (rule 4.10.2)', () => {
    expect(found('hash-second-binding', hash({}, { destination: 'r' }, { routing_key: '5' }))).toMatchObject([
      { class: 'warning', path: 'bindings[2]' },
    ]);
  });

  it('has an identical binding once, which is another finding', () => {
    expect(found('hash-second-binding', hash({}, {}))).toEqual([]);
    expect(found('duplicate-binding', hash({}, {}))).toHaveLength(1);
  });

  it('sends all messages without its header to one queue (rule 4.10.4)', () => {
    const byHeader = { exchanges: [{ ...x, type: 'x-consistent-hash', arguments: { 'hash-header': 'tenant' } }] };

    expect(found('hash-header-may-be-absent', byHeader)).toMatchObject([
      { class: 'compatible', path: 'exchanges[0].arguments.hash-header' },
    ]);
    expect(found('hash-header-may-be-absent', hash())).toEqual([]);
  });
});
