import { OutboxLimitError, TransactionCancelledError } from '../../../../lambdas/shared/outbox/errors.ts';
import type { Outbox } from '../../../../lambdas/shared/outbox/outbox.ts';
import type { OutboxMessage } from '../../../../lambdas/shared/outbox/outbox-message.ts';
import { createPublishing, InvalidPublishRequestError } from '../../../../lambdas/shared/publishing/publishing.ts';
import { CountingMeter, rejectionOf, silentLog } from '../builders.ts';
import { brokerOn, FakeSender } from '../shared/broker/broker-on-fakes.ts';

/** Keeps what is written, once per event id, or fails. */
class MemoryOutbox implements Outbox {
  readonly written: OutboxMessage[] = [];
  readonly calls: number[] = [];
  failure: Error | undefined;

  async write(messages: readonly OutboxMessage[], _ownWrites?: unknown, deadline?: AbortSignal) {
    if (deadline?.aborted) throw deadline.reason;
    if (this.failure) throw this.failure;
    this.calls.push(messages.length);
    const known = new Set(this.written.map(({ message }) => message.properties.message_id));
    const rows = messages.map(({ message }) =>
      known.has(message.properties.message_id) ? ('written-before' as const) : ('written' as const),
    );
    this.written.push(...messages.filter((_, at) => rows[at] === 'written'));
    return { outcome: 'written' as const, rows };
  }
}

const one = { exchange: 'payments', routing_key: 'payment.success', payload: '1' };
const unroutable = { ...one, routing_key: 'x' };

function given() {
  const outbox = new MemoryOutbox();
  const sender = new FakeSender();
  const meter = new CountingMeter();
  let ids = 0;
  const handler = createPublishing({
    broker: brokerOn(sender),
    outbox,
    newEventId: () => `event-${++ids}`,
    log: silentLog,
    meter,
  });
  const publish = (...messages: object[]) => handler({ mode: 'outbox', messages });
  return { outbox, sender, meter, handler, publish };
}

describe('a request in outbox mode', () => {
  it('ends at the deadline of its function: what was under way is unknown', async () => {
    const { handler } = given();

    const answer = await handler({ mode: 'outbox', messages: [one] }, AbortSignal.abort());

    expect(answer).toMatchObject({ ok: true, events: [], messages: [{ confirm: 'unknown' }] });
  });

  it('is one write of all its messages, told of once; nothing is sent, and no queue is named', async () => {
    const { outbox, sender, publish } = given();

    const answer = await publish(one, { ...one, properties: { message_id: 'mine' }, aggregate: 'order#1', delay: 5 });

    expect(answer).toEqual({
      ok: true,
      detail: 'queues',
      events: [{ method: 'tx.commit-ok' }],
      messages: [
        { message_id: 'event-1', confirm: 'ack', routed: 2, queues: [], row: 'written' },
        { message_id: 'mine', confirm: 'ack', routed: 2, queues: [], row: 'written' },
      ],
    });
    expect(outbox.calls).toEqual([2]);
    expect(outbox.written).toMatchObject([
      { aggregate: 'event#event-1', delayMs: 0 },
      { aggregate: 'order#1', delayMs: 5, message: { properties: { message_id: 'mine' } } },
    ]);
    expect(sender.sent).toEqual([]);
  });

  it('keeps what only the client said: CC and BCC are for the relay to route by', async () => {
    const { outbox, publish } = given();

    await publish({ ...one, headers: { CC: ['a'], BCC: ['b'] } });

    expect(outbox.written).toMatchObject([
      { message: { routingKeys: ['payment.success'], headers: { CC: ['a'], BCC: ['b'] } } },
    ]);
  });

  it('that is repeated is a success again, and says that the rows were there', async () => {
    const { publish } = given();
    const mine = { ...one, properties: { message_id: 'mine' } };
    await publish(mine);

    const { ok, events, messages } = await publish(mine, one);

    expect({ ok, events }).toEqual({ ok: true, events: [{ method: 'tx.commit-ok' }] });
    expect(messages.map(({ row }) => row)).toEqual(['written-before', 'written']);
  });

  it('counts what it told', async () => {
    const { meter, publish } = given();

    await publish(one, one);

    expect(meter.counts).toEqual(Array(2).fill(['MessagesPublished', { confirm: 'ack' }]));
  });
});

describe('one bad message', () => {
  it.each([
    [404, 'channel.close', { exchange: 'gone' }],
    [403, 'channel.close', { exchange: 'inside' }],
    [406, 'channel.close', { properties: { expiration: 'soon' } }],
    [406, 'channel.close', { properties: { user_id: 'mallory' } }],
    [540, 'connection.close', { immediate: true }],
  ])(
    'closes the channel with %i (%s), and nothing of the request is written (rules 4.5.1, 4.5.4, 4.5.5, 4.5.7, 4.5.11, 4.5.25)',
    async (reply_code, method, changes) => {
      const { outbox, publish } = given();

      const answer = await publish(one, { ...one, ...changes }, one);

      expect(answer).toMatchObject({
        ok: false,
        events: [{ method, reply_code }],
        messages: Array(3).fill({ confirm: 'not-published', queues: [] }),
        channel_error: { reply_code, message: 1 },
      });
      expect(outbox.calls).toEqual([]);
    },
  );

  it('that must wait longer than anything waits is nacked, and nothing is written', async () => {
    const { outbox, publish } = given();

    const { ok, events, messages } = await publish(one, { ...one, delay: 2 ** 32 });

    expect({ ok, events, confirms: messages.map(({ confirm }) => confirm) }).toEqual({
      ok: true,
      events: [],
      confirms: ['not-published', 'nack'],
    });
    expect(messages[1]?.queues).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('4294967295') },
      {},
    ]);
    expect(outbox.calls).toEqual([]);
  });
});

describe('a message no queue is bound for', () => {
  it('is returned, and no row is written, if it is mandatory: with the commit, as in a transaction (rules 4.5.16, 4.5.26)', async () => {
    const { outbox, publish } = given();

    const { events, messages } = await publish({ ...unroutable, mandatory: true }, one);

    expect(events).toMatchObject([
      { method: 'basic.return', reply_code: 312, message_id: 'event-1' },
      { method: 'tx.commit-ok' },
    ]);
    expect(messages.map(({ confirm, row }) => [confirm, row])).toEqual([
      ['ack', undefined],
      ['ack', 'written'],
    ]);
    expect(outbox.written.map(({ message }) => message.properties.message_id)).toEqual(['event-2']);
  });

  it('is written if it is not: the relay makes an exception of it, if that is still so', async () => {
    const { outbox, publish } = given();

    await publish(unroutable);

    expect(outbox.written).toHaveLength(1);
  });

  it('and no other leave nothing to write', async () => {
    const { outbox, publish } = given();

    const { ok, events } = await publish({ ...unroutable, mandatory: true });

    expect({ ok, events: events.map(({ method }) => method) }).toEqual({
      ok: true,
      events: ['basic.return', 'tx.commit-ok'],
    });
    expect(outbox.calls).toEqual([]);
  });
});

describe('a write that fails', () => {
  it.each([
    [
      'is a nack for each when nothing is written',
      new TransactionCancelledError(['TransactionConflict'], undefined),
      'nack',
    ],
    [
      'is unknown for each when nobody answered',
      Object.assign(new Error('socket hang up'), { name: 'TimeoutError' }),
      'unknown',
    ],
  ])('%s, and no commit is told', async (_, failure, confirm) => {
    const { outbox, publish } = given();
    outbox.failure = failure;

    const { ok, events, messages } = await publish(one, one);

    expect({ ok, events }).toEqual({ ok: true, events: [] });
    expect(messages.map((message) => [message.confirm, message.row])).toEqual(Array(2).fill([confirm, undefined]));
  });

  it('is an error with the numbers when a limit stands against it', async () => {
    const { outbox, publish } = given();
    outbox.failure = new OutboxLimitError('the transaction has', 101, 100, 'actions');

    expect(await rejectionOf(publish(one))).toBe(outbox.failure);
  });
});

describe('a message that no row can hold', () => {
  const tooLarge = (eventId?: string) => new OutboxLimitError('the message has', 500_000, 393_216, 'bytes', eventId);

  it('is nacked with the numbers, and the others are not published', async () => {
    const { outbox, publish } = given();
    outbox.failure = tooLarge('large');

    const { ok, events, messages } = await publish(one, { ...one, properties: { message_id: 'large' } });

    expect({ ok, events }).toEqual({ ok: true, events: [] });
    expect(messages.map(({ confirm }) => confirm)).toEqual(['not-published', 'nack']);
    const reason = expect.stringContaining('500,000 bytes');
    expect(messages[1]?.queues).toEqual(
      ['audit', 'orders'].map((queue) => ({ queue, outcome: 'refused', reason, permanent: true })),
    );
  });

  it('is an error when no queue is bound for it', async () => {
    const { outbox, publish } = given();
    outbox.failure = tooLarge('large');

    const error = await rejectionOf(publish({ ...one, routing_key: 'no.queue', properties: { message_id: 'large' } }));

    expect(error).toBe(outbox.failure);
  });
});

describe('an aggregate', () => {
  it('is of outbox mode alone: anywhere else it would be an order nobody keeps', async () => {
    const { handler } = given();

    const error = await rejectionOf(handler({ mode: 'tx', messages: [one, { ...one, aggregate: 'a' }] }));

    expect(error).toBeInstanceOf(InvalidPublishRequestError);
    expect((error as Error).message).toMatch(/only mode outbox has aggregates.*\n.*messages\[1\]\.aggregate/);
  });
});
