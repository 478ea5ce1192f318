import type { PublishAnswer } from '../../../../lambdas/shared/publishing/contract.ts';
import { createPublishing, InvalidPublishRequestError } from '../../../../lambdas/shared/publishing/publishing.ts';
import { noOutbox } from '../../../support/no-outbox.ts';
import { CountingMeter, rejectionOf, silentLog } from '../builders.ts';
import { brokerOn, FakeSender, refused, unknown } from '../shared/broker/broker-on-fakes.ts';

type Answers = ConstructorParameters<typeof FakeSender>[0];

/** Stored in `orders` and `audit`. */
const one = { exchange: 'payments', routing_key: 'payment.success', payload: '1' };
const toLedger = { ...one, routing_key: 'ledger.x' };
const unroutable = { ...one, routing_key: 'x' };
const wrong = { ...one, exchange: 'gone' };

/** The request on a broker whose queues answer so. */
async function answerOf(request: object, answers: Answers = {}) {
  const sender = new FakeSender(answers);
  let ids = 0;
  const publish = createPublishing({
    broker: brokerOn(sender),
    outbox: noOutbox,
    newEventId: () => `event-${++ids}`,
    log: silentLog,
    meter: new CountingMeter(),
  });
  const answer: PublishAnswer = await publish(request);
  return { ...answer, confirms: answer.messages.map(({ confirm }) => confirm), sends: sender.sent.length };
}

const ack = (tag: number, multiple = false) => ({ method: 'basic.ack', delivery_tag: tag, multiple });
const nack = (tag: number, multiple = false) => ({ method: 'basic.nack', delivery_tag: tag, multiple });
const returned = (id: string) => ({
  method: 'basic.return',
  reply_code: 312,
  reply_text: 'NO_ROUTE',
  exchange: 'payments',
  routing_key: 'x',
  message_id: id,
});
const notFound = {
  method: 'channel.close',
  reply_code: 404,
  reply_text: "NOT_FOUND - no exchange 'gone' in vhost '/'",
};

describe('a mandatory message', () => {
  it('that is unroutable is returned, then acked (rules 4.5.16, 4.5.17, 4.5.19)', async () => {
    const { events } = await answerOf({ messages: [{ ...unroutable, mandatory: true }] });

    expect(events).toEqual([returned('event-1'), ack(1)]);
  });

  it('that a queue refuses is nacked, not returned (rule 4.5.20)', async () => {
    const { events } = await answerOf({ messages: [{ ...one, mandatory: true }] }, { '/|audit': [refused] });

    expect(events).toEqual([nack(1)]);
  });
});

describe('confirms', () => {
  it('are acks without a return for what is unroutable and not mandatory (rule 4.5.18)', async () => {
    expect((await answerOf({ messages: [unroutable] })).events).toEqual([ack(1)]);
  });

  it('are numbered from 1 in the order of the messages, in each request again (rules 4.5.8, 4.5.22, 4.5.23)', async () => {
    for (const _ of ['one request', 'another']) {
      const { events } = await answerOf({ messages: [toLedger, one, toLedger] }, { '/|audit': [refused] });

      expect(events).toEqual([ack(1), nack(2), ack(3)]);
    }
  });

  it('are missing for what may be stored: neither ack nor nack (rule 4.5.21)', async () => {
    const { events, confirms } = await answerOf({ messages: [one, toLedger] }, { '/|audit': [unknown] });

    expect(events).toEqual([ack(2)]);
    expect(confirms).toEqual(['unknown', 'ack']);
  });

  it('are joined on request (rule 4.5.24)', async () => {
    const messages = [toLedger, toLedger, one, toLedger];

    const { events } = await answerOf({ multiple: true, messages }, { '/|audit': [refused] });

    expect(events).toEqual([ack(2, true), ack(4), nack(3)]);
  });

  it('are not told in mode none; returns are', async () => {
    const messages = [one, { ...unroutable, mandatory: true }];
    const { events, confirms, ok } = await answerOf({ mode: 'none', messages }, { '/|audit': [refused] });

    expect(events).toEqual([returned('event-2')]);
    expect({ confirms, ok }).toEqual({ confirms: ['nack', 'ack'], ok: true });
  });
});

describe('an error that closes the channel', () => {
  it('comes after what was published before it, which stays sent; nothing after it is (rule 4.5.15)', async () => {
    const { ok, events, confirms, sends, channel_error } = await answerOf({ messages: [toLedger, wrong, toLedger] });

    expect({ ok, confirms, sends }).toEqual({
      ok: false,
      confirms: ['ack', 'not-published', 'not-published'],
      sends: 1,
    });
    expect(events).toEqual([ack(1), notFound]);
    expect(channel_error).toEqual({ reply_code: 404, reply_text: notFound.reply_text, message: 1 });
  });

  it.each([
    [540, 'connection.close', 'immediate', { immediate: true, exchange: 'gone' }, 'NOT_IMPLEMENTED - immediate=true'],
    [403, 'channel.close', 'an internal exchange', { exchange: 'inside' }, /^ACCESS_REFUSED - /],
    [
      406,
      'channel.close',
      'an expiration that is no number',
      { properties: { expiration: 'soon' }, headers: { CC: 'x' } },
      "PRECONDITION_FAILED - invalid expiration 'soon': no_integer",
    ],
    [
      406,
      'channel.close',
      'CC that is no array',
      { headers: { CC: 'x' }, properties: { user_id: 'mallory' } },
      /unacceptable_type_in_header,"CC",longstr/,
    ],
    [
      406,
      'channel.close',
      'another user',
      { properties: { user_id: 'mallory' } },
      "PRECONDITION_FAILED - user_id property set to 'mallory' but authenticated user was 'guest'",
    ],
    [406, 'channel.close', 'a key over 255 bytes', { routing_key: 'é'.repeat(128) }, /256 bytes/],
  ])(
    'is %i with %s for %s (rules 4.1.7, 4.5.1, 4.5.5, 4.5.7, 4.5.9, 4.5.11)',
    async (reply_code, method, _, changes, text) => {
      const { events } = await answerOf({ messages: [{ ...one, ...changes }] });

      expect(events).toEqual([
        { method, reply_code, reply_text: typeof text === 'string' ? text : expect.stringMatching(text) },
      ]);
    },
  );

  it('is not the user id of whoever is logged in', async () => {
    const messages = [{ ...one, properties: { user_id: 'shop' } }];

    expect((await answerOf({ user: 'shop', messages })).events).toEqual([ack(1)]);
  });
});

describe('a transaction', () => {
  it('is told of once: returns, then commit-ok (rules 4.5.26, 4.5.28, 4.5.31)', async () => {
    const { events, confirms } = await answerOf({ mode: 'tx', messages: [one, { ...unroutable, mandatory: true }] });

    expect(events).toEqual([returned('event-2'), { method: 'tx.commit-ok' }]);
    expect(confirms).toEqual(['ack', 'ack']);
  });

  it('sends nothing when one of its messages closes the channel (rule 4.5.25)', async () => {
    const { events, sends, confirms } = await answerOf({ mode: 'tx', messages: [one, wrong] });

    expect({ events, sends }).toEqual({ events: [notFound], sends: 0 });
    expect(confirms).toEqual(['not-published', 'not-published']);
  });

  it('ends in 406 when a queue refuses; what others took stays and is told (rule 4.5.28)', async () => {
    const { ok, events, messages } = await answerOf(
      { mode: 'tx', messages: [toLedger, one] },
      { '/|audit': [refused] },
    );

    expect({ ok, events }).toEqual({
      ok: false,
      events: [{ method: 'channel.close', reply_code: 406, reply_text: 'PRECONDITION_FAILED - partial tx completion' }],
    });
    expect(messages.map(({ queues }) => queues.map(({ queue, outcome }) => `${queue} ${outcome}`))).toEqual([
      ['ledger stored'],
      ['audit refused', 'orders stored'],
    ]);
  });

  it('is neither committed nor refused when a queue did not answer', async () => {
    const { ok, events, confirms } = await answerOf({ mode: 'tx', messages: [one] }, { '/|audit': [unknown] });

    expect({ ok, events, confirms }).toEqual({ ok: true, events: [], confirms: ['unknown'] });
  });
});

describe('a request that does not fit', () => {
  it.each([
    ['no messages', { messages: [] }, 'messages'],
    ['an unknown mode', { mode: 'sometimes', messages: [one] }, 'mode'],
    ['a payload that is no base64', { messages: [{ ...one, payload: '?', payload_encoding: 'base64' }] }, 'payload'],
    ['a delivery mode of 3', { messages: [{ ...one, properties: { delivery_mode: 3 } }] }, 'delivery_mode'],
  ])('is refused, naming the field, with nothing sent: %s', async (_, request, field) => {
    const error = await rejectionOf(answerOf(request));

    expect(error).toBeInstanceOf(InvalidPublishRequestError);
    expect((error as Error).message).toContain(field);
  });
});
