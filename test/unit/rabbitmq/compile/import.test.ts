import { analyse } from '../../../../rabbitmq/analyse.ts';
import { stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';
import { routerOf } from '../routing/router-of.ts';

const vhost = '/';
const vhosts = [{ name: vhost }];
const q = { vhost, name: 'q' };
const x = { vhost, name: 'x', type: 'headers' };
const bound = (changes: object) => {
  return { vhost, source: 'x', destination: 'q', destination_type: 'queue', routing_key: '', ...changes };
};

function read(file: object) {
  const { topology, findings } = analyse(JSON.stringify(file));
  return {
    topology,
    codes: findings.map(({ code }) => code),
    blocking: findings.filter(stopsDeployment).map(({ code }) => code),
  };
}

describe('importing bindings', () => {
  it('keeps the JSON types of arguments: 5 and "5" are two bindings (rules 4.2.11, 4.4.10)', () => {
    const queues = [q, { ...q, name: 'text' }];
    const bindings = [bound({ arguments: { n: 5 } }), bound({ destination: 'text', arguments: { n: '5' } })];
    const router = routerOf(read({ vhosts, exchanges: [x], queues, bindings }).topology);
    const routed = (n: number | string) => router.route({ vhost, exchange: 'x', routingKeys: [''], headers: { n } });

    expect([routed(5), routed('5')]).toEqual([['q'], ['text']]);
  });

  it.each([
    ['a missing queue (rules 4.4.6, 4.9.9)', { destination: 'gone' }],
    ['a missing exchange (rule 4.9.9)', { source: 'gone' }],
  ])('stops at one of %s', (_, changes) => {
    expect(read({ vhosts, exchanges: [x], queues: [q], bindings: [bound(changes)] }).blocking).toEqual([
      'dangling-binding',
    ]);
  });
});

describe('importing the default exchange', () => {
  it('gives it no alternate exchange and no binding (rules 4.3.4, 4.3.5)', () => {
    const { topology, codes, blocking } = read({
      vhosts,
      exchanges: [
        { vhost, name: '', type: 'direct', arguments: { 'alternate-exchange': 'x' } },
        { ...x, type: 'fanout' },
      ],
      queues: [q],
      bindings: [bound({}), bound({ source: '', routing_key: 'other' }), bound({ source: '', destination: 'gone' })],
      policies: [
        { vhost, name: 'p', pattern: '^$', 'apply-to': 'exchanges', definition: { 'alternate-exchange': 'x' } },
      ],
    });

    expect(routerOf(topology).route({ vhost, exchange: '', routingKeys: ['other'] })).toEqual([]);
    expect(codes).toContain('default-exchange-binding');
    expect(blocking).toEqual([]);
  });
});

describe('importing predeclared names', () => {
  it('skips exchanges and queues called amq.*, with a warning each (rule 4.3.5)', () => {
    const { topology, codes, blocking } = read({
      vhosts,
      exchanges: [{ vhost, name: 'amq.own', type: 'fanout' }],
      queues: [{ vhost, name: 'amq.gen-1' }],
    });

    expect([topology.exchanges, topology.queues, blocking]).toEqual([[], [], []]);
    expect(codes).toEqual(['predeclared-exchange', 'predeclared-queue']);
  });
});

describe('importing what versions export', () => {
  it.each([
    ['a type beside the queue’s arguments', { queues: [{ ...q, type: 'classic' }] }],
    ['vhosts with limits and metadata', { vhosts: [{ name: vhost, limits: [], metadata: { tags: [] } }] }],
    ['tags of a user as text', { users: [{ name: 'u', tags: 'administrator', password_hash: 'x' }] }],
    ['tags of a user as a list, and a password', { users: [{ name: 'u', tags: ['monitoring'], password: 'x' }] }],
    ['fields left out', { exchanges: [{ vhost, name: 'x', type: 'fanout' }], queues: [{ vhost, name: 'q' }] }],
    ['one vhost, which nothing names', { vhosts: undefined, queues: [{ name: 'q' }] }],
    ['an empty table as a list', { queues: [{ ...q, arguments: [] }] }],
  ])('takes %s (rule 4.9.7)', (_, file) => {
    expect(read({ vhosts, ...file }).blocking).toEqual([]);
  });

  it.each(['{{ definitions }}', '{"queues": [],}'])('finds that %s is broken (rule 4.9.7)', (text) => {
    expect(analyse(text).findings).toMatchObject([{ class: 'blocking', code: 'invalid-json' }]);
  });

  it('reads the sections of a file in any order to the same end (rule 4.9.8)', () => {
    const file = {
      bindings: [bound({})],
      queues: [q],
      exchanges: [x],
      policies: [{ vhost, name: 'p', pattern: 'q', 'apply-to': 'queues', definition: { 'message-ttl': 60_000 } }],
      vhosts,
    };
    const { topology } = read(file);

    expect(read(Object.fromEntries(Object.entries(file).reverse())).topology).toEqual(topology);
    expect(topology).toMatchObject({ queues: [{ messageTtl: 60_000 }], bindings: [{ destination: 'q' }] });
  });

  it('refuses an object without a vhost where others have one (rule 4.9.10)', () => {
    expect(read({ vhosts, queues: [q, { name: 'other' }] }).blocking).toEqual(['object-without-vhost']);
    expect(read({ vhosts, queues: [{ name: 'other' }] }).blocking).toEqual(['object-without-vhost']);
    expect(read({ queues: [{ name: 'other' }] }).blocking).toEqual([]);
  });

  it('refuses a hash of both a header and a property (rule 4.10.3)', () => {
    const args = { 'hash-header': 'h', 'hash-property': 'message_id' };
    const exchanges = [{ vhost, name: 'x', type: 'x-consistent-hash', arguments: args }];

    expect(read({ vhosts, exchanges }).blocking).toEqual(['hash-on-both']);
  });
});
