import type { NextStep } from '../../../../../lambdas/shared/broker/waiting.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { message } from '../../builders.ts';
import { brokerOn, decoded, FakeDelays, FakeSender, scheduled, stored } from './broker-on-fakes.ts';

describe('a delay queue', () => {
  const waiting = topology({
    exchanges: [exchange('late', 'direct'), exchange('later', 'x-consistent-hash', { delayed: true })],
    queues: [
      queue('wait', { messageTtl: 1_500, deadLetterExchange: 'late', deadLetterRoutingKey: 'work', delayQueue: true }),
      queue('wait-more', {
        messageTtl: 60_000,
        deadLetterExchange: '',
        deadLetterRoutingKey: 'wait',
        delayQueue: true,
      }),
      queue('wait-long', {
        messageTtl: 900_001,
        deadLetterExchange: '',
        deadLetterRoutingKey: 'work',
        delayQueue: true,
      }),
      queue('wait-years', {
        messageTtl: 2 ** 32,
        deadLetterExchange: '',
        deadLetterRoutingKey: 'work',
        delayQueue: true,
      }),
      queue('wait-for-delay', {
        messageTtl: 900_001,
        deadLetterExchange: '',
        deadLetterRoutingKey: 'wait',
        delayQueue: true,
      }),
      queue('round', { messageTtl: 1_000, deadLetterExchange: '', deadLetterRoutingKey: 'round', delayQueue: true }),
      queue('wait-ordered', {
        messageTtl: 1,
        deadLetterExchange: 'late',
        deadLetterRoutingKey: 'ordered',
        delayQueue: true,
      }),
      queue('work'),
      queue('one-by-one', { singleActiveConsumer: true }),
    ],
    bindings: [
      bindQueue('late', 'work', 'work'),
      bindQueue('late', 'one-by-one', 'ordered'),
      bindQueue('later', 'work', '1'),
    ],
  });

  async function publishTo(routingKey: string, changes: Parameters<typeof message>[0] = {}) {
    const sender = new FakeSender();
    const delays = new FakeDelays();
    const broker = brokerOn(sender, waiting, delays);
    const [published] = await broker.publish([message({ exchange: '', routingKeys: [routingKey], ...changes })]);
    return { published, sent: sender.sent.map(([url, [one]]) => ({ url, one })), kept: delays.kept };
  }

  it('is no queue: what is routed to it goes where it would be dead-lettered to, as late, with the death it would have', async () => {
    const { published, sent } = await publishTo('wait');

    expect(published).toEqual({ confirm: 'ack', queues: [{ queue: 'work', ...stored, delayMs: 1500 }] });
    expect(sent).toMatchObject([{ url: '/|work', one: { DelaySeconds: 2 } }]);
    expect(decoded(sent[0]?.one)).toMatchObject({
      exchange: 'late',
      routingKeys: ['work'],
      headers: {
        'x-death': [{ queue: 'wait', reason: 'expired', count: 1, time: 11, exchange: '', 'routing-keys': ['wait'] }],
      },
    });
  });

  it('may lead into another: the delays add up, and each death is noted', async () => {
    const { sent } = await publishTo('wait-more');

    expect(sent).toMatchObject([{ url: '/|work', one: { DelaySeconds: 62 } }]);
    expect(decoded(sent[0]?.one)?.headers['x-death']).toMatchObject([{ queue: 'wait' }, { queue: 'wait-more' }]);
  });

  it('ends sooner for a message that expires sooner, and the copy behind it has no expiration (rules 4.6.7, 4.7.1)', async () => {
    const { sent } = await publishTo('wait-more', { properties: { message_id: 'event-1', expiration: '3000' } });

    expect(sent).toMatchObject([{ one: { DelaySeconds: 5 } }]);
    expect(decoded(sent[0]?.one)?.properties).toEqual({ message_id: 'event-1' });
    expect(decoded(sent[0]?.one)?.headers['x-death']).toMatchObject([
      { queue: 'wait' },
      { queue: 'wait-more', 'original-expiration': '3000' },
    ]);
  });

  it.each([
    ['work', '3000', 13_000],
    ['work', undefined, undefined],
  ])('is not %s: a copy there with expiration %p expires at %p', async (key, expiration, expiresAt) => {
    const { sent } = await publishTo(key, { properties: { message_id: 'event-1', expiration } });

    expect(decoded(sent[0]?.one)?.expiresAt).toBe(expiresAt);
  });

  it.each([
    ['is longer than RabbitMQ’s delayed exchange takes', 'wait-years', 'wait-years', '4294967296 ms is longer'],
    ['leads to itself and nowhere else (rules 4.6.14, 4.6.16)', 'round', 'round', 'ends in no queue'],
  ])('refuses a message when it %s: nothing is clamped or dropped', async (_, key, queueName, reason) => {
    const { published, sent } = await publishTo(key);

    expect(sent).toEqual([]);
    expect(published).toMatchObject({
      confirm: 'nack',
      queues: [{ queue: queueName, outcome: 'refused', reason: expect.stringContaining(reason) }],
    });
  });

  it.each([
    ['a number', 3_000],
    ['with its type', { '!': 'int', value: 3_000 }],
    ['text', '3000'],
  ])('of an x-delayed-message exchange is the header x-delay: %s (rule 4.11.5)', async (_, delay) => {
    const { sent } = await publishTo('any', { exchange: 'later', headers: { 'x-delay': delay } });

    expect(sent).toMatchObject([{ url: '/|work', one: { DelaySeconds: 3 } }]);
  });

  it('of x-delay longer than SQS’s keeps the message as it is, to be routed when it is due', async () => {
    const late = { exchange: 'later', headers: { 'x-delay': 900_001, BCC: ['hidden'] } };
    const { published, sent, kept } = await publishTo('any', late);

    expect(sent).toEqual([]);
    expect(published).toEqual({ confirm: 'ack', queues: [{ queue: 'work', ...scheduled, delayMs: 900_001 }] });
    expect(kept).toMatchObject([{ dueAt: 10_000 + 900_001, delayMs: 900_001, next: { step: 'route' } }]);
    expect(kept[0]?.message).toMatchObject({ routingKeys: ['any'], bcc: ['hidden'], headers: { 'x-delay': 900_001 } });
  });

  it('is of unknown outcome when what keeps it throws', async () => {
    const broken = { keep: async () => Promise.reject(new Error('a defect')) };
    const late = message({ exchange: 'later', routingKeys: ['any'], headers: { 'x-delay': 900_001 } });

    expect(await brokerOn(new FakeSender(), waiting, broken).publish([late])).toMatchObject([
      { confirm: 'unknown', queues: [{ queue: 'work', reason: 'Error: a defect' }] },
    ]);
  });

  it('longer than SQS’s keeps the letter it will have, to be routed when it is due', async () => {
    const { published, sent, kept } = await publishTo('wait-for-delay');

    expect(sent).toEqual([]);
    expect(published).toEqual({
      confirm: 'ack',
      queues: [{ queue: 'wait-for-delay', ...scheduled, delayMs: 900_001, leaves: true }],
    });
    expect(kept).toMatchObject([{ dueAt: 910_001, next: { step: 'dead-letter' } }]);
    expect(kept[0]?.message).toMatchObject({
      routingKeys: ['wait'],
      headers: { 'x-death': [{ queue: 'wait-for-delay', reason: 'expired', time: 910 }] },
    });
  });

  it('into a FIFO queue, which takes no delayed message, keeps the copy until then', async () => {
    const { published, sent, kept } = await publishTo('wait-ordered');

    expect(sent).toEqual([]);
    expect(published).toEqual({ confirm: 'ack', queues: [{ queue: 'one-by-one', ...scheduled, delayMs: 1 }] });
    expect(kept).toMatchObject([{ dueAt: 10_001, next: { step: 'store', queue: 'one-by-one' } }]);
  });

  describe('when what was kept is due', () => {
    async function resume(next: NextStep, changes: Partial<Message> = {}, dueAt = 9_000) {
      const sender = new FakeSender();
      const delays = new FakeDelays();
      const kept = { message: message({ exchange: '', ...changes }), dueAt, delayMs: 1_000_000, next };
      const published = await brokerOn(sender, waiting, delays).resume(kept);
      return { published, sent: sender.sent.map(([url, [one]]) => ({ url, one })), kept: delays.kept };
    }

    it('stores it in the queue it was for, where its time to live begins now (rule 4.7.4)', async () => {
      const late = { expiresAt: 9_500, properties: { message_id: 'event-1', expiration: '5000' } };
      const { published, sent } = await resume({ step: 'store', queue: 'one-by-one' }, late);

      expect(published).toEqual({ confirm: 'ack', queues: [{ queue: 'one-by-one', ...stored }] });
      expect(sent[0]?.one).toMatchObject({ MessageGroupId: 'queue' });
      expect(decoded(sent[0]?.one)?.expiresAt).toBe(15_000);
    });

    it('routes it by every key it has, BCC included', async () => {
      const { published } = await resume({ step: 'route' }, { routingKeys: ['none'], bcc: ['work'] });

      expect(published.queues.map(({ queue }) => queue)).toEqual(['work']);
    });

    it('has a letter of a delay queue wait in the next one', async () => {
      const deaths = [{ queue: 'wait-for-delay', reason: 'expired', count: 1 }];
      const letter = { routingKeys: ['wait'], headers: { 'x-death': deaths } };
      const { sent } = await resume({ step: 'dead-letter' }, letter);

      expect(sent).toMatchObject([{ url: '/|work', one: { DelaySeconds: 2 } }]);
      expect(decoded(sent[0]?.one)?.headers['x-death']).toMatchObject([{ queue: 'wait' }, { queue: 'wait-for-delay' }]);
    });

    it('does not send a letter round for ever (rule 4.6.14), and a client’s message wherever it says', async () => {
      const been = { routingKeys: ['work'], headers: { 'x-death': [{ queue: 'work', reason: 'expired', count: 1 }] } };

      expect((await resume({ step: 'dead-letter' }, been)).published.queues).toEqual([]);
      expect((await resume({ step: 'route' }, been)).published.queues).toHaveLength(1);
    });

    it('is stored nowhere when its queue is gone', async () => {
      expect((await resume({ step: 'store', queue: 'gone' })).published).toEqual({ confirm: 'ack', queues: [] });
    });

    it('waits the rest when it comes a little early', async () => {
      const { kept } = await resume({ step: 'store', queue: 'one-by-one' }, {}, 40_000);
      const { sent } = await resume({ step: 'route' }, { routingKeys: ['work'] }, 40_000);

      expect(kept).toMatchObject([{ dueAt: 40_000, next: { step: 'store', queue: 'one-by-one' } }]);
      expect(sent).toMatchObject([{ one: { DelaySeconds: 30 } }]);
    });
  });
});

describe('a FIFO queue', () => {
  const ordered = topology({ queues: [queue('ordered', { singleActiveConsumer: true })] });

  it('gets all its messages in one group, each once per event id and content, all but its timestamp', async () => {
    const sender = new FakeSender();
    const broker = brokerOn(sender, ordered);
    const one = message({ exchange: '', routingKeys: ['ordered'] });

    const propertied = (properties: object) => ({ ...one, properties: { message_id: 'event-1', ...properties } });

    await broker.publish([
      one,
      propertied({ timestamp: 5 }),
      { ...one, payload: 'another' },
      { ...one, headers: { tenant: 'other' } },
      propertied({ type: 'cancelled' }),
      { ...one, payload: 'aGk=', payloadEncoding: 'base64' },
      { ...one, payload: 'aGk=' },
    ]);

    const [[, sent] = ['', []]] = sender.sent;
    const [first, again, ...others] = sent;
    expect(new Set(sent.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(1);
    expect(first?.MessageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
    expect(again?.MessageDeduplicationId).toBe(first?.MessageDeduplicationId);
    expect(new Set([first, ...others].map((copy) => copy?.MessageDeduplicationId)).size).toBe(6);
  });

  it('that is ordered by a key gets a group for each key, and one for messages without it', async () => {
    const sender = new FakeSender();
    const byShop = queue('ordered', { singleActiveConsumer: true, orderBy: { header: 'shop' } });
    const broker = brokerOn(sender, topology({ queues: [byShop] }));
    const of = (shop?: string) =>
      message({ exchange: '', routingKeys: ['ordered'], headers: shop === undefined ? {} : { shop } });

    await broker.publish([of('north'), of('south'), of('north'), of(), of('北'.repeat(100)), of()]);

    const [[, sent] = ['', []]] = sender.sent;
    const groups = sent.map(({ MessageGroupId = '' }) => MessageGroupId);
    expect(groups.map((group) => groups.indexOf(group))).toEqual([0, 1, 0, 3, 4, 3]);
    for (const group of groups) expect(group).toMatch(/^[0-9a-z]{1,128}$/);
  });
});
