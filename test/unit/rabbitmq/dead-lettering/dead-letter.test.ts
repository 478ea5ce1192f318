import { type DeathReason, deadLetter, isCycle } from '../../../../rabbitmq/dead-lettering/dead-letter.ts';
import type { Dialect } from '../../../../rabbitmq/dialect.ts';
import type { Headers, Message } from '../../../../rabbitmq/message.ts';
import { queue } from '../topology-builders.ts';

const orders = queue('orders', { deadLetterExchange: 'dead' });
const message: Message = {
  vhost: '/',
  exchange: 'payments',
  routingKeys: ['payment.success', 'copy'],
  properties: { message_id: 'event-1', content_type: 'application/json', timestamp: 7 },
  headers: { CC: ['copy'], tenant: 'shop' },
  payload: '{"a":1}',
  payloadEncoding: 'string',
};

function die(
  one: Message,
  from = orders,
  reason: DeathReason = 'rejected',
  time = 1000,
  dialect: Dialect = '4.3',
): Message {
  const letter = deadLetter(one, { queue: from, reason, time }, dialect);
  if (!letter) throw new Error('the queue has no dead-letter exchange');
  return letter;
}

const deathsOf = ({ headers }: Message) => headers['x-death'];
const summary = (letter: Message) =>
  JSON.parse(JSON.stringify(deathsOf(letter))).map((death: Headers) => [
    death['queue'],
    death['reason'],
    death['count'],
  ]);

describe('a dead letter', () => {
  it('does not exist when the queue has no dead-letter exchange', () => {
    expect(deadLetter(message, { queue: queue('orders'), reason: 'rejected', time: 1 }, '4.3')).toBeUndefined();
  });

  it('is the same message, event id included, at the dead-letter exchange (rule 4.6.7)', () => {
    const { headers, ...letter } = die(message);

    expect(letter).toEqual({ ...message, exchange: 'dead', headers: undefined });
    expect(headers).toMatchObject(message.headers);
  });

  it('goes to the default exchange when that is the dead-letter exchange', () => {
    expect(die(message, queue('orders', { deadLetterExchange: '' })).exchange).toBe('');
  });

  it('keeps the keys of BCC, unless the queue has a dead-letter key, and shows them to nobody (rules 4.6.3, 4.6.9)', () => {
    const hidden = { ...message, bcc: ['hidden'] };

    expect(die(hidden).bcc).toEqual(['hidden']);
    expect(deathsOf(die(hidden))).toMatchObject([{ 'routing-keys': ['payment.success', 'copy'] }]);
    expect(die(hidden, { ...orders, deadLetterRoutingKey: 'key' })).not.toHaveProperty('bcc');
  });

  it('keeps all keys of the message, or has the queue’s dead-letter key alone (rules 4.6.3, 4.6.4)', () => {
    expect(die(message).routingKeys).toEqual(['payment.success', 'copy']);
    const keyed = die(message, { ...orders, deadLetterRoutingKey: 'late' });
    expect(keyed.routingKeys).toEqual(['late']);
    expect(keyed.headers['CC']).toEqual(['copy']);
  });

  it('notes its first death (rules 4.6.9, 4.6.11)', () => {
    expect(die(message).headers).toEqual({
      ...message.headers,
      'x-death': [
        {
          count: 1,
          reason: 'rejected',
          queue: 'orders',
          time: 1000,
          exchange: 'payments',
          'routing-keys': ['payment.success', 'copy'],
        },
      ],
      'x-first-death-reason': 'rejected',
      'x-first-death-queue': 'orders',
      'x-first-death-exchange': 'payments',
      'x-last-death-reason': 'rejected',
      'x-last-death-queue': 'orders',
      'x-last-death-exchange': 'payments',
    });
  });

  it('has one table for each queue and reason, the latest death first (rules 4.6.9, 4.6.13)', () => {
    const retry = queue('retry', { deadLetterExchange: 'payments' });

    const letter = die(die(die(message), retry, 'expired'), orders, 'delivery_limit');

    expect(summary(letter)).toEqual([
      ['orders', 'delivery_limit', 1],
      ['retry', 'expired', 1],
      ['orders', 'rejected', 1],
    ]);
  });

  it('that dies again the same way counts up and moves to the front, all else as at first (rule 4.6.10)', () => {
    const retry = queue('retry', { deadLetterExchange: 'payments', deadLetterRoutingKey: 'again' });

    const twice = die(die(die(message), retry, 'expired', 2000), orders, 'rejected', 3000);

    expect(summary(twice)).toEqual([
      ['orders', 'rejected', 2],
      ['retry', 'expired', 1],
    ]);
    expect(deathsOf(twice)).toMatchObject([
      { time: 1000, exchange: 'payments', 'routing-keys': ['payment.success', 'copy'] },
      { time: 2000, exchange: 'dead' },
    ]);
  });

  it('remembers its first death and updates its last one (rule 4.6.11)', () => {
    const retry = queue('retry', { deadLetterExchange: 'payments' });

    expect(die(die(message), retry, 'expired').headers).toMatchObject({
      'x-first-death-reason': 'rejected',
      'x-first-death-queue': 'orders',
      'x-first-death-exchange': 'payments',
      'x-last-death-reason': 'expired',
      'x-last-death-queue': 'retry',
      'x-last-death-exchange': 'dead',
    });
  });

  it('whose deaths a client began has no first death of its own (rules 4.6.11, 4.6.12)', () => {
    const begun = { ...message, headers: { 'x-death': [{ queue: 'other', reason: 'expired', count: 2 }] } };

    const { headers } = die(begun, orders, 'rejected', 1000, '3.13');

    expect(headers).toMatchObject({ 'x-last-death-queue': 'orders' });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-first-death-'))).toEqual([]);
  });

  it('counts on from a client’s count of any width, and begins where it gives none (rule 4.6.12)', () => {
    const counted = (count: object) => [{ queue: 'orders', reason: 'rejected', ...count }];
    for (const [count, next] of [
      [{ count: 5 }, 6],
      [{ count: { '!': 'long', value: 5 } }, 6],
      [{}, 1],
    ] as const) {
      const begun = { ...message, headers: { 'x-death': counted(count) } };
      expect(summary(die(begun, orders, 'rejected', 1000, '3.13'))).toEqual([['orders', 'rejected', next]]);
    }
  });

  it('says itself which death was its first, whatever a client says (rule 4.6.11)', () => {
    const claimed = { ...message, headers: { 'x-first-death-queue': 'before', 'x-last-death-queue': 'before' } };

    expect(die(claimed).headers).toMatchObject({ 'x-first-death-queue': 'orders', 'x-last-death-queue': 'orders' });
  });

  it('leaves the message it was made of as it was', () => {
    const before = structuredClone(message);

    die(message);

    expect(message).toEqual(before);
  });

  it('starts a history of its own when x-death holds no tables', () => {
    for (const nonsense of ['many', 3, ['x', null, [1]]]) {
      const letter = die({ ...message, headers: { 'x-death': nonsense } });
      expect(summary(letter)).toEqual([['orders', 'rejected', 1]]);
    }
  });
});

describe('the CC header of a letter', () => {
  const withKey = queue('orders', { deadLetterExchange: 'dead', deadLetterRoutingKey: 'late' });
  const ccOf = (from: typeof withKey, dialect: Dialect) => die(message, from, 'rejected', 1, dialect).headers['CC'];

  it('goes when the queue names a key, in dialect 3.13, and stays since 4.0 (rule 4.6.4)', () => {
    expect(ccOf(withKey, '3.13')).toBeUndefined();
    expect(ccOf(withKey, '4.0')).toEqual(['copy']);
    expect(ccOf(withKey, '4.3')).toEqual(['copy']);
  });

  it('stays when the letter keeps its keys', () => {
    expect(ccOf(orders, '3.13')).toEqual(['copy']);
  });
});

describe('a cycle of dead letters', () => {
  const [a, b] = [queue('a', { deadLetterExchange: 'x' }), queue('b', { deadLetterExchange: 'x' })];

  it('is where a letter would come back to a queue without anybody rejecting it on the way (rule 4.6.14)', () => {
    const letter = die(die(message, a, 'expired'), b, 'maxlen');

    expect([isCycle(letter, a), isCycle(letter, b), isCycle(letter, orders)]).toEqual([true, true, false]);
  });

  it('is none when it was rejected since (rule 4.6.15)', () => {
    const letter = die(die(message, a, 'expired'), b, 'rejected');

    expect([isCycle(letter, a), isCycle(letter, b)]).toEqual([false, false]);
  });

  it('is one when the rejection lies before', () => {
    const letter = die(die(message, b, 'rejected'), a, 'expired');

    expect([isCycle(letter, a), isCycle(letter, b)]).toEqual([true, false]);
  });
});

describe('the expiration of a message', () => {
  it('ends with its first death, and is kept with it (rules 4.6.7, 4.6.9)', () => {
    const dying = { ...message, properties: { ...message.properties, expiration: '500' }, expiresAt: 7_500 };

    const letter = die(dying, orders, 'expired');
    const again = die(letter, orders, 'rejected');

    expect(letter).not.toHaveProperty('expiresAt');
    expect(letter.properties).not.toHaveProperty('expiration');
    expect(letter.headers['x-death']).toMatchObject([{ reason: 'expired', 'original-expiration': '500' }]);
    expect(again.headers['x-death']).toMatchObject([{ reason: 'rejected' }, { 'original-expiration': '500' }]);
    expect(Object.keys((again.headers['x-death'] as object[])[0] ?? {})).not.toContain('original-expiration');
  });

  it('is kept as a number is written, whatever stood before it (rule 4.6.9)', () => {
    for (const [expiration, kept] of [
      ['0060', '60'],
      ['+5', '5'],
      ['-0', '0'],
      ['315360000000', '315360000000'],
    ]) {
      const letter = die({ ...message, properties: { ...message.properties, expiration } });
      expect(letter.headers['x-death']).toMatchObject([{ 'original-expiration': kept }]);
    }
  });
});
