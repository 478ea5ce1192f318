import { type AnalyseOptions, analyse } from '../../../../rabbitmq/analyse.ts';
import { stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';
import { binding, findingsIn, found, q, x } from '../findings-in.ts';

const compiled = (document: object, options: AnalyseOptions = {}) =>
  analyse(JSON.stringify(document), options).topology;

describe('the type of a queue', () => {
  const typeOf = (changes: object, vhost: object = {}) =>
    compiled({ vhosts: [{ name: '/', ...vhost }], queues: [{ ...q, ...changes }] }).queues[0]?.type;
  const quorum = { metadata: { default_queue_type: 'quorum' } };

  it('is what x-queue-type says', () => {
    expect(typeOf({ arguments: { 'x-queue-type': 'quorum' } })).toBe('quorum');
    expect(typeOf({ arguments: { 'x-queue-type': 'classic' } }, quorum)).toBe('classic');
  });

  it('is the default of the vhost’s metadata, else classic', () => {
    expect(typeOf({}, quorum)).toBe('quorum');
    expect(typeOf({ arguments: { 'x-queue-type': 'default' } }, quorum)).toBe('quorum');
    expect(typeOf({})).toBe('classic');
    expect(typeOf({}, { metadata: { default_queue_type: 'undefined' } })).toBe('classic');
    expect(typeOf({}, { default_queue_type: 'quorum' })).toBe('classic');
  });

  it('is not the field `type` of exports, which imports pass over', () => {
    const document = { queues: [{ ...q, type: 'quorum' }] };

    expect(compiled(document).queues).toMatchObject([{ type: 'classic' }]);
    expect(found('type-field-ignored', document)).toMatchObject([{ class: 'warning', path: 'queues[0].type' }]);
    expect(found('type-field-ignored', { queues: [{ ...q, type: 'classic' }] })).toEqual([]);
    expect(found('type-field-ignored', { queues: [{ ...q, type: 'default' }] })).toEqual([]);
  });

  it('blocks where it is a stream, by argument or by default, and the queue is left out', () => {
    const byDefault = { vhosts: [{ name: '/', metadata: { default_queue_type: 'stream' } }], queues: [q] };

    expect(found('stream', byDefault)).toMatchObject([{ class: 'blocking', path: 'queues[0]' }]);
    expect(compiled(byDefault).queues).toEqual([]);
  });
});

describe('a quorum queue’s delivery limit', () => {
  const queue = (table: object) => ({ queues: [{ ...q, arguments: { 'x-queue-type': 'quorum', ...table } }] });
  const limit = (table: object, options: AnalyseOptions = {}) =>
    compiled(queue(table), options).queues[0]?.deliveryLimit;

  it('is 20 since 4.0 when it names none, which is said (rule 4.8.7)', () => {
    expect([limit({}), limit({}, { dialect: '4.0' }), limit({}, { dialect: '3.13' })]).toEqual([20, 20, undefined]);
    expect(found('default-delivery-limit', queue({}))).toMatchObject([{ class: 'compatible', path: 'queues[0]' }]);
    expect(found('default-delivery-limit', queue({}), { dialect: '3.13' })).toEqual([]);
    expect(found('default-delivery-limit', queue({ 'x-delivery-limit': 20 }))).toEqual([]);
    expect(found('default-delivery-limit', { queues: [q] })).toEqual([]);
  });

  it('may be 0, and is unlimited when negative', () => {
    expect([limit({ 'x-delivery-limit': 0 }), limit({ 'x-delivery-limit': -1 })]).toEqual([0, undefined]);
  });

  it('is none on a classic queue, whatever a policy says', () => {
    const policies = [{ name: 'p', vhost: '/', pattern: '', definition: { 'delivery-limit': 3 } }];

    expect(compiled({ policies, queues: [q] }).queues[0]).not.toHaveProperty('deliveryLimit');
  });
});

describe('at-least-once dead-lettering (rule 4.6.6)', () => {
  const whole = {
    'x-queue-type': 'quorum',
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
    'x-dead-letter-exchange': '',
  };
  const without = (...keys: string[]) => {
    const table = Object.fromEntries(Object.entries(whole).filter(([key]) => !keys.includes(key)));
    return found('at-least-once-without-effect', { queues: [{ ...q, arguments: table }] });
  };

  it.each([
    ['x-queue-type', 'a quorum queue'],
    ['x-overflow', 'overflow reject-publish'],
    ['x-dead-letter-exchange', 'a dead-letter exchange'],
  ])('is without effect without %s', (key, missing) => {
    expect(without(key)).toMatchObject([
      {
        class: 'warning',
        path: 'queues[0].arguments.x-dead-letter-strategy',
        message: expect.stringContaining(missing),
      },
    ]);
  });

  it('is fine with all of them', () => {
    expect(without()).toEqual([]);
  });
});

describe('policies in the topology', () => {
  it('give each object what is in force of them, and say where they restrict an argument', () => {
    const document = {
      policies: [
        { name: 'p', vhost: '/', pattern: '^q', definition: { 'message-ttl': 60_000, 'alternate-exchange': 'x' } },
      ],
      parameters: [
        {
          component: 'operator_policy',
          name: 'o',
          vhost: '/',
          value: { pattern: '', 'apply-to': 'queues', priority: 0, definition: { 'message-ttl': 50_000 } },
        },
      ],
      exchanges: [x, { ...x, name: 'qx' }],
      queues: [{ ...q, arguments: { 'x-message-ttl': 70_000 } }],
    };

    expect(compiled(document)).toMatchObject({
      exchanges: [{ name: 'x' }, { name: 'qx', alternateExchange: 'x' }],
      queues: [{ messageTtl: 50_000 }],
    });
    expect(found('argument-restricted', document)).toMatchObject([
      {
        class: 'warning',
        path: 'queues[0].arguments.x-message-ttl',
        message: expect.stringContaining('operator policy'),
      },
    ]);
  });
});

describe('exchanges in the topology', () => {
  const exchange = (changes: object) => ({ exchanges: [{ ...x, ...changes }] });

  it('may be delayed and route by another type (rule 4.11.5)', () => {
    const delayed = exchange({ type: 'x-delayed-message', arguments: { 'x-delayed-type': 'topic' } });

    expect(compiled(delayed).exchanges).toEqual([
      {
        vhost: '/',
        name: 'x',
        type: 'topic',
        internal: false,
        delayed: true,
        declared: { type: 'x-delayed-message' },
      },
    ]);
    expect(findingsIn(delayed).some(stopsDeployment)).toBe(false);
  });

  it.each([[{}], [{ 'x-delayed-type': 'x-delayed-message' }], [{ 'x-delayed-type': 'typo' }]])(
    'are refused when delayed by %j',
    (table) => {
      const document = exchange({ type: 'x-delayed-message', arguments: table });

      expect(found('exchange-type', document)).toMatchObject([{ path: 'exchanges[0].arguments.x-delayed-type' }]);
      expect(compiled(document).exchanges).toEqual([]);
    },
  );

  it('hash a header or a property, one of them (rule 4.10.3)', () => {
    const hash = (table: object) => exchange({ type: 'x-consistent-hash', arguments: table });

    expect(compiled(hash({ 'hash-header': 'tenant' })).exchanges).toMatchObject([{ hashOn: { header: 'tenant' } }]);
    expect(compiled(hash({ 'hash-property': 'message_id' })).exchanges).toMatchObject([
      { hashOn: { property: 'message_id' } },
    ]);
    expect(found('hash-on-both', hash({ 'hash-header': 'a', 'hash-property': 'message_id' }))).toMatchObject([
      { class: 'blocking' },
    ]);
    expect(found('wrong-value', hash({ 'hash-property': 'app_id' }))).toMatchObject([
      { path: 'exchanges[0].arguments.hash-property' },
    ]);
  });
});

describe('bindings in the topology', () => {
  it('are there once each, whatever the order of their arguments (rule 4.4.10)', () => {
    const again = (table: object) => ({ ...binding, arguments: table });
    const bindings = [again({ a: 1, b: 2 }), again({ b: 2, a: 1 }), again({ a: 1 }), binding];

    expect(compiled({ exchanges: [x], queues: [q], bindings }).bindings).toHaveLength(3);
  });
});
