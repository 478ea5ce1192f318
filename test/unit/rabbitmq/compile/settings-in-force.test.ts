import { type AnalyseOptions, analyse } from '../../../../rabbitmq/analyse.ts';

interface File {
  readonly queue?: Readonly<Record<string, unknown>>;
  readonly exchange?: Readonly<Record<string, unknown>>;
  readonly policies?: readonly object[];
  readonly operator?: Readonly<Record<string, unknown>>;
  readonly options?: AnalyseOptions;
}

const vhost = '/';
const policy = (definition: object, changes: object = {}) => {
  return { vhost, name: 'p', pattern: '.*', 'apply-to': 'all', priority: 0, definition, ...changes };
};

/** One queue and one exchange of the name `job.y`, with what is said of them. */
function read({ queue: args = {}, exchange = {}, policies = [], operator, options }: File) {
  const operatorPolicy = { pattern: '.*', 'apply-to': 'queues', priority: 0, definition: operator };
  const parameters = operator ? [{ vhost, component: 'operator_policy', name: 'o', value: operatorPolicy }] : [];
  const file = {
    policies,
    parameters,
    vhosts: [{ name: vhost }],
    exchanges: [{ vhost, name: 'job.y', type: 'direct', arguments: exchange }],
    queues: [{ vhost, name: 'job.y', arguments: args }],
  };
  const { topology, findings } = analyse(JSON.stringify(file), options);
  return { queue: topology.queues[0], exchange: topology.exchanges[0], codes: findings.map(({ code }) => code) };
}

const quorum = { 'x-queue-type': 'quorum' };

describe('of several policies', () => {
  it('the one of the highest priority applies, and no key of another (rule 4.9.1)', () => {
    const low = policy({ 'dead-letter-exchange': 'low', 'message-ttl': 1 }, { name: 'low' });
    const { queue } = read({ policies: [low, policy({ 'dead-letter-exchange': 'high' }, { priority: 1 })] });

    expect(queue).toMatchObject({ deadLetterExchange: 'high' });
    expect(queue).not.toHaveProperty('messageTtl');
  });

  it('of equal priority the first by name applies, and the tie is a warning (rule 4.9.2)', () => {
    const policies = ['b', 'a'].map((name) => policy({ 'dead-letter-exchange': name }, { name }));

    for (const order of [policies, policies.toReversed()]) {
      const { queue, codes } = read({ policies: order });
      expect(queue).toMatchObject({ deadLetterExchange: 'a' });
      expect(codes).toContain('policy-tie');
    }
  });
});

describe('a policy', () => {
  it.each([
    ['job\\.', true],
    ['b\\.y$', true],
    ['^ob', false],
    ['^JOB', false],
    ['(?i)^JOB', true],
    ['^(?!amq\\.)', true],
    ['^(?!job\\.)', false],
  ])('has a pattern that may match anywhere in a name (rule 4.9.3): %s', (pattern, matches) => {
    const { queue } = read({ policies: [policy({ 'dead-letter-exchange': 'x' }, { pattern })] });

    expect(queue?.deadLetterExchange).toBe(matches ? 'x' : undefined);
  });

  it('with a pattern that cannot be read as PCRE stops the deployment (rule 4.9.3)', () => {
    expect(read({ policies: [policy({}, { pattern: 'jo++b' })] }).codes).toContain('policy-pattern');
  });

  it('applies to objects that stand behind it (rule 4.9.6)', () => {
    expect(read({ policies: [policy({ 'alternate-exchange': 'rest' })] }).exchange).toMatchObject({
      alternateExchange: 'rest',
    });
  });
});

describe('an argument', () => {
  it('wins over the policy (rules 4.4.9, 4.6.2, 4.9.4)', () => {
    const policies = [policy({ 'dead-letter-exchange': 'policy', 'alternate-exchange': 'policy' })];

    expect(read({ policies }).queue).toMatchObject({ deadLetterExchange: 'policy' });
    const both = read({
      policies,
      queue: { 'x-dead-letter-exchange': 'argument' },
      exchange: { 'alternate-exchange': 'argument' },
    });
    expect(both.queue).toMatchObject({ deadLetterExchange: 'argument' });
    expect(both.exchange).toMatchObject({ alternateExchange: 'argument' });
  });

  it.each([
    [5, 9],
    [9, 5],
  ])('of %i and a policy of %i: the least TTL and length hold (rules 4.7.1, 4.9.4)', (argument, value) => {
    const { queue } = read({
      queue: { 'x-message-ttl': argument, 'x-max-length': argument, 'x-max-length-bytes': argument },
      policies: [policy({ 'message-ttl': value, 'max-length': value, 'max-length-bytes': value })],
    });

    expect(queue).toMatchObject({ messageTtl: 5, maxLength: 5, maxLengthBytes: 5 });
  });

  it('of a TTL may be 0, of an expiry it may not, and neither may be negative (rule 4.7.3)', () => {
    const codesOf = (queue: Readonly<Record<string, unknown>>) => read({ queue }).codes;

    expect(codesOf({ 'x-message-ttl': 0 })).not.toContain('wrong-value');
    expect(codesOf({ 'x-expires': 1 })).not.toContain('wrong-value');
    for (const wrong of [{ 'x-message-ttl': -1 }, { 'x-expires': 0 }, { 'x-expires': -1 }]) {
      expect(codesOf(wrong)).toContain('wrong-value');
    }
  });

  it('of a dead-letter key is refused when nothing names an exchange (rule 4.6.5)', () => {
    const key = { 'x-dead-letter-routing-key': 'late' };

    expect(read({ queue: key }).codes).toContain('dead-letter-key-without-exchange');
    expect(read({ queue: { ...key, 'x-dead-letter-exchange': '' } }).codes).not.toContain(
      'dead-letter-key-without-exchange',
    );
  });
});

describe('an operator policy', () => {
  it('restricts numbers, whoever set them, and decides about overflow (rule 4.9.5)', () => {
    const policies = [policy({ 'message-ttl': 9, 'max-length': 3, overflow: 'drop-head' })];
    const operator = { 'message-ttl': 5, 'max-length': 8, overflow: 'reject-publish' };

    expect(read({ policies, operator }).queue).toMatchObject({
      messageTtl: 5,
      maxLength: 3,
      overflow: 'reject-publish',
    });
  });

  it.each([
    [5, 3, 3],
    [3, 5, 3],
    [-1, 5, 5],
    [5, -1, 5],
    [-1, -2, undefined],
  ])(
    'of a delivery limit, and an argument too, is merged with the policy’s: %i and %i is %s (rule 4.8.8)',
    (value, restricted, limit) => {
      const policies = [policy({ 'delivery-limit': value })];
      const restrictions = [
        { operator: { 'delivery-limit': restricted } },
        { queue: { 'x-delivery-limit': restricted } },
      ];

      for (const { queue = {}, operator } of restrictions) {
        expect(read({ queue: { ...quorum, ...queue }, policies, operator }).queue?.deliveryLimit).toBe(limit);
      }
    },
  );
});

describe('a delivery limit', () => {
  it.each([
    ['is 20 by default on 4.3', '4.3', quorum, 20],
    ['is 20 by default on 4.0', '4.0', quorum, 20],
    ['is none by default on 3.13', '3.13', quorum, undefined],
    ['is none when it is -1', '4.3', { ...quorum, 'x-delivery-limit': -1 }, undefined],
    ['is none when it is -1 on 4.0', '4.0', { ...quorum, 'x-delivery-limit': -1 }, undefined],
    ['is over at once when it is -1 on 3.13', '3.13', { ...quorum, 'x-delivery-limit': -1 }, 0],
    ['is none on a classic queue', '4.3', {}, undefined],
  ] as const)('%s (rule 4.8.7)', (_, dialect, args, limit) => {
    expect(read({ queue: args, options: { dialect } }).queue?.deliveryLimit).toBe(limit);
  });

  it('that is negative is the least of two in dialect 3.13 (rules 4.8.7, 4.8.8)', () => {
    const policies = [policy({ 'delivery-limit': 5 })];
    const limited = read({ queue: { ...quorum, 'x-delivery-limit': -1 }, policies, options: { dialect: '3.13' } });

    expect(limited.queue?.deliveryLimit).toBe(0);
  });
});
