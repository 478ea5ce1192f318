import { createBroker } from '../../../../../lambdas/shared/broker/broker.ts';
import { decodeRecord, type SqsMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import type { QueueSender, SendOutcome } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import { ChannelError } from '../../../../../rabbitmq/publishing/channel-error.ts';
import { bindExchange, bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { message, recordOf, rejectionOf } from '../../builders.ts';

const shop = topology({
  exchanges: [
    exchange('payments', 'topic'),
    exchange('inside', 'fanout', { internal: true }),
    exchange('payments', 'fanout', { vhost: 'other' }),
  ],
  queues: [queue('orders'), queue('audit'), queue('ledger'), queue('orders', { vhost: 'other' })],
  bindings: [
    bindQueue('payments', 'orders', 'payment.*'),
    bindQueue('payments', 'audit', 'payment.#'),
    bindQueue('payments', 'ledger', 'ledger.#'),
    bindQueue('inside', 'ledger'),
    bindQueue('payments', 'orders', '', 'other'),
  ],
});

/** Stores everything, but answers what it is told for the queues named. */
class FakeSender implements QueueSender {
  readonly sent: [url: string, messages: readonly SqsMessage[]][] = [];
  private readonly answers: Readonly<Record<string, readonly SendOutcome[]>>;

  constructor(answers: Readonly<Record<string, readonly SendOutcome[]>> = {}) {
    this.answers = answers;
  }

  async send(url: string, messages: readonly SqsMessage[]): Promise<SendOutcome[]> {
    this.sent.push([url, messages]);
    return messages.map((_, at) => this.answers[url]?.[at] ?? stored);
  }
}

const stored: SendOutcome = { outcome: 'stored', sqsMessageId: 'sqs' };
const refused: SendOutcome = { outcome: 'refused', reason: 'too large' };
const unknown: SendOutcome = { outcome: 'unknown', reason: 'timeout' };

function brokerOn(sender: QueueSender) {
  return createBroker({
    topology: shop,
    queueUrl: ({ vhost, name }) => `${vhost}|${name}`,
    sender,
    now: () => new Date(0),
    random: () => 0,
  });
}

async function confirmWith(answers: Readonly<Record<string, readonly SendOutcome[]>>) {
  const [published] = await brokerOn(new FakeSender(answers)).publish([message()]);
  return published;
}

const decoded = (one: SqsMessage | undefined) => one && decodeRecord(recordOf(one), { vhost: '/', name: 'orders' });

describe('publishing', () => {
  it('stores one copy in each routed queue and answers in the order of the messages', async () => {
    const sender = new FakeSender();
    const messages = [
      message({ payload: '1' }),
      message({ payload: '2', routingKeys: ['ledger.entry'] }),
      message({ payload: '3', vhost: 'other' }),
      message({ payload: '4' }),
    ];

    const published = await brokerOn(sender).publish(messages);

    expect(published.map(({ confirm, queues }) => [confirm, queues.map((one) => one.queue)])).toEqual([
      ['ack', ['audit', 'orders']],
      ['ack', ['ledger']],
      ['ack', ['orders']],
      ['ack', ['audit', 'orders']],
    ]);
    const sent = sender.sent.map(([url, copies]) => [url, copies.map((one) => decoded(one)?.payload)]);
    expect(Object.fromEntries(sent)).toEqual({
      '/|orders': ['1', '4'],
      '/|audit': ['1', '4'],
      '/|ledger': ['2'],
      'other|orders': ['3'],
    });
    expect(sender.sent).toHaveLength(4);
  });

  it('routes by CC and BCC, and shows the queues CC only (rule 4.5.32)', async () => {
    const sender = new FakeSender();
    const headers = { CC: ['ledger.copy'], BCC: ['payment.hidden'], tenant: 'shop' };

    const [published] = await brokerOn(sender).publish([message({ routingKeys: ['nothing.bound'], headers })]);

    expect(published?.queues.map((one) => one.queue)).toEqual(['audit', 'ledger', 'orders']);
    for (const [, [copy]] of sender.sent) {
      expect(decoded(copy)).toMatchObject({ routingKeys: ['nothing.bound', 'ledger.copy'] });
      expect(decoded(copy)?.headers).toEqual({ CC: ['ledger.copy'], tenant: 'shop' });
    }
  });

  it('of what no queue is bound for is acked and stored nowhere (rule 4.5.18)', async () => {
    const sender = new FakeSender();

    expect(await brokerOn(sender).publish([message({ routingKeys: ['x'] })])).toEqual([{ confirm: 'ack', queues: [] }]);
    expect(sender.sent).toEqual([]);
  });

  it('of nothing sends nothing', async () => {
    expect(await brokerOn(new FakeSender()).publish([])).toEqual([]);
  });
});

describe('a confirm', () => {
  it('is a nack when any queue refused, even where another did not answer (rules 4.5.21, 4.5.30)', async () => {
    expect(await confirmWith({ '/|orders': [refused] })).toEqual({
      confirm: 'nack',
      queues: [
        { queue: 'audit', ...stored },
        { queue: 'orders', ...refused },
      ],
    });
    expect(await confirmWith({ '/|orders': [refused], '/|audit': [unknown] })).toMatchObject({ confirm: 'nack' });
  });

  it('is unknown when no queue refused and one did not answer', async () => {
    expect(await confirmWith({ '/|audit': [unknown] })).toMatchObject({ confirm: 'unknown' });
  });

  it('is unknown when the sender forgets to answer', async () => {
    const [published] = await brokerOn({ send: async () => [] }).publish([message()]);

    expect(published).toMatchObject({ confirm: 'unknown', queues: [{ outcome: 'unknown' }, { outcome: 'unknown' }] });
  });

  it('is each message’s own (rule 4.5.30)', async () => {
    const published = await brokerOn(new FakeSender({ '/|orders': [stored, refused, unknown] })).publish([
      message(),
      message(),
      message(),
    ]);

    expect(published.map(({ confirm }) => confirm)).toEqual(['ack', 'nack', 'unknown']);
  });
});

describe('a channel error', () => {
  it.each([
    [404, 'the exchange is missing', message({ exchange: 'gone' }), "NOT_FOUND - no exchange 'gone' in vhost '/'"],
    [404, 'the vhost is missing', message({ vhost: 'gone' }), "NOT_FOUND - no exchange 'payments' in vhost 'gone'"],
    [
      403,
      'the exchange is internal',
      message({ exchange: 'inside' }),
      expect.stringMatching(/^ACCESS_REFUSED - .*'inside'/),
    ],
    [406, 'CC is no array', message({ headers: { CC: 'x' } }), expect.stringMatching(/^PRECONDITION_FAILED - /)],
  ])(
    '%i comes before anything is sent, other messages included: %s (rule 4.5.15)',
    async (replyCode, _, wrong, replyText) => {
      const sender = new FakeSender();

      const error = await rejectionOf(brokerOn(sender).publish([message(), wrong]));

      expect(error).toBeInstanceOf(ChannelError);
      expect(error).toMatchObject({ replyCode, replyText });
      expect(sender.sent).toEqual([]);
    },
  );
});

describe('republishing to a dead-letter exchange', () => {
  it('asks no permission: an internal exchange takes the letter', async () => {
    const published = await brokerOn(new FakeSender()).republish(message({ exchange: 'inside' }));

    expect(published).toEqual({ confirm: 'ack', queues: [{ queue: 'ledger', ...stored }] });
  });

  it('routes nothing when the exchange is missing (rule 4.6.6)', async () => {
    expect(await brokerOn(new FakeSender()).republish(message({ exchange: 'gone' }))).toEqual({
      confirm: 'ack',
      queues: [],
    });
  });

  it('routes by the keys of the letter alone, whatever its CC header says (rule 4.6.4)', async () => {
    const letter = message({ routingKeys: ['ledger.late'], headers: { CC: ['payment.copy'] } });

    const { queues } = await brokerOn(new FakeSender()).republish(letter);

    expect(queues.map((one) => one.queue)).toEqual(['ledger']);
  });

  it('routes as any message is routed: on to bound exchanges, else to the alternate one (rule 4.6.8)', async () => {
    const broker = createBroker({
      topology: topology({
        exchanges: [
          exchange('dead', 'headers', { alternateExchange: 'rest' }),
          exchange('late', 'fanout'),
          exchange('rest', 'fanout'),
        ],
        queues: [queue('late'), queue('rest')],
        bindings: [
          {
            ...bindExchange('dead', 'late'),
            arguments: { 'x-match': 'all-with-x', 'x-first-death-reason': 'expired' },
          },
          bindQueue('late', 'late'),
          bindQueue('rest', 'rest'),
        ],
      }),
      queueUrl: ({ name }) => name,
      sender: new FakeSender(),
      now: () => new Date(0),
      random: () => 0,
    });
    const dead = (reason: string) => message({ exchange: 'dead', headers: { 'x-first-death-reason': reason } });

    expect(await broker.republish(dead('expired'))).toMatchObject({ queues: [{ queue: 'late' }] });
    expect(await broker.republish(dead('rejected'))).toMatchObject({ queues: [{ queue: 'rest' }] });
  });

  it('routes back to its own queue when it was rejected there (rules 4.6.15, 4.6.16)', async () => {
    const headers = { 'x-death': [{ queue: 'orders', reason: 'rejected', count: 3 }] };
    const letter = message({ exchange: '', routingKeys: ['orders'], headers });

    expect(await brokerOn(new FakeSender()).republish(letter)).toMatchObject({ queues: [{ queue: 'orders' }] });
  });
});

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
    const broker = createBroker({
      topology: waiting,
      queueUrl: ({ name }) => name,
      sender,
      now: () => new Date(10_000),
      random: () => 0,
    });
    const [published] = await broker.publish([message({ exchange: '', routingKeys: [routingKey], ...changes })]);
    return { published, sent: sender.sent.map(([url, [one]]) => ({ url, one })) };
  }

  it('is no queue: what is routed to it goes where it would be dead-lettered to, as late, with the death it would have', async () => {
    const { published, sent } = await publishTo('wait');

    expect(published).toEqual({ confirm: 'ack', queues: [{ queue: 'work', ...stored }] });
    expect(sent).toMatchObject([{ url: 'work', one: { DelaySeconds: 2 } }]);
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

    expect(sent).toMatchObject([{ url: 'work', one: { DelaySeconds: 62 } }]);
    expect(decoded(sent[0]?.one)?.headers['x-death']).toMatchObject([{ queue: 'wait' }, { queue: 'wait-more' }]);
  });

  it.each([
    ['is longer than SQS can delay', 'wait-long', 'work', '900001 ms is longer'],
    ['leads to itself and nowhere else (rules 4.6.14, 4.6.16)', 'round', 'round', 'ends in no queue'],
  ])('refuses a message when it %s: nothing is clamped or dropped', async (_, key, queueName, reason) => {
    const { published, sent } = await publishTo(key);

    expect(sent).toEqual([]);
    expect(published).toMatchObject({
      confirm: 'nack',
      queues: [{ queue: queueName, outcome: 'refused', reason: expect.stringContaining(reason) }],
    });
  });

  it('of an x-delayed-message exchange is the header x-delay (rule 4.11.5)', async () => {
    const { sent } = await publishTo('any', { exchange: 'later', headers: { 'x-delay': 3_000 } });

    expect(sent).toMatchObject([{ url: 'work', one: { DelaySeconds: 3 } }]);
  });

  it('cannot end in a FIFO queue, which takes no delayed message', async () => {
    const { published, sent } = await publishTo('wait-ordered');

    expect(sent).toEqual([]);
    expect(published).toMatchObject({ confirm: 'nack', queues: [{ queue: 'one-by-one', outcome: 'refused' }] });
  });
});

describe('a FIFO queue', () => {
  const ordered = topology({ queues: [queue('ordered', { singleActiveConsumer: true })] });

  it('gets all its messages in one group, each once per event id and content', async () => {
    const sender = new FakeSender();
    const broker = createBroker({
      topology: ordered,
      queueUrl: ({ name }) => name,
      sender,
      now: () => new Date(0),
      random: () => 0,
    });
    const one = message({ exchange: '', routingKeys: ['ordered'] });

    await broker.publish([one, one, { ...one, payload: 'another' }]);

    const [[, sent] = ['', []]] = sender.sent;
    const [first, again, another] = sent;
    expect(new Set(sent.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(1);
    expect(first?.MessageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
    expect(again?.MessageDeduplicationId).toBe(first?.MessageDeduplicationId);
    expect(another?.MessageDeduplicationId).not.toBe(first?.MessageDeduplicationId);
  });
});
