import { createBroker } from '../../../../../lambdas/shared/broker/broker.ts';
import { decodeRecord, type SqsMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import type { QueueSender, SendOutcome } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import { ChannelError } from '../../../../../rabbitmq/publishing/channel-error.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
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
  return createBroker({ topology: shop, queueUrl: ({ vhost, name }) => `${vhost}|${name}`, sender });
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
  it('is a nack when any queue refused, even where another did not answer (rule 4.5.21)', async () => {
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

  it('is each message’s own', async () => {
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
  ])('%i comes before anything is sent, other messages included: %s', async (replyCode, _, wrong, replyText) => {
    const sender = new FakeSender();

    const error = await rejectionOf(brokerOn(sender).publish([message(), wrong]));

    expect(error).toBeInstanceOf(ChannelError);
    expect(error).toMatchObject({ replyCode, replyText });
    expect(sender.sent).toEqual([]);
  });
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
});
