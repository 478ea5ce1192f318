import type { Published } from '../../../../../lambdas/shared/broker/dispatch.ts';
import { encodeMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import type { ExceptionRow } from '../../../../../lambdas/shared/exceptions/exception-row.ts';
import { createReplayException } from '../../../../../lambdas/shared/exceptions/replay-exception.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { message, now } from '../../builders.ts';
import { FakeBroker, refusedBy, stored, unknownIn, unroutable } from '../../fake-broker.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { MemoryExceptionTable } from './memory-exception-table.ts';

const replay = { id: 'replay-1', operator: { who: 'lin', why: 'repaired' } };

function given({ answer = stored('orders'), isConsumed = true }: { answer?: Published; isConsumed?: boolean } = {}) {
  const table = new MemoryExceptionTable();
  const broker = new FakeBroker(answer);
  const claims = new MemoryClaims();
  const delivered: Message[] = [];
  const replayException = createReplayException({
    store: table,
    exceptions: table,
    broker: {
      resume: (waiting) => broker.resume(waiting),
      accept: ({ eventId, properties, ...one }) => ({
        message: { ...one, properties: { ...properties, message_id: eventId } },
        queues: [],
        delayMs: 0,
      }),
      async deliver(accepted) {
        delivered.push(...accepted.map((one) => one.message));
        return [answer];
      },
    },
    claims,
    isResolvedByConsumer: () => isConsumed,
    now: () => now,
  });
  const put = (changes: Partial<ExceptionRow> = {}, one: Partial<Message> = {}) => {
    const { MessageBody, MessageAttributes } = encodeMessage(
      message({ properties: { message_id: 'event-a' }, ...one }),
    );
    const content = { body: MessageBody, amqp: MessageAttributes['amqp']?.StringValue };
    return table.put({ event_id: 'event-a', ...content, ...changes });
  };
  return { table, broker, claims, delivered, put, run: (row: ExceptionRow) => replayException(row, replay) };
}

describe('a replay', () => {
  it('sends the message to the queue it came from, as it was, and says for which row', async () => {
    const { table, broker, put, run } = given();
    const deaths = [
      { count: 1, reason: 'rejected', queue: 'orders', time: 1, exchange: '', 'routing-keys': ['orders'] },
    ];
    const row = put({}, { headers: { 'x-death': deaths }, expiresAt: now.getTime() - 1 });

    expect(await run(row)).toEqual({ outcome: 'sent' });

    expect(broker.resumed).toMatchObject([
      {
        next: { step: 'store', queue: 'orders' },
        delayMs: 0,
        message: {
          properties: { message_id: 'event-a' },
          headers: { 'x-death': deaths, 'x-replay': { row: row.source, id: 'replay-1' } },
        },
      },
    ]);
    // Its time to live begins anew: what is late would never reach its handler.
    expect(broker.resumed[0]?.message).not.toHaveProperty('expiresAt');
    expect(table.one('event-a')).toMatchObject({
      state: 'replaying',
      history: [{ who: 'lin', why: 'repaired', act: 'replay' }],
    });
  });

  it('resolves the row at once where nobody tells what comes of the message', async () => {
    const { table, put, run } = given({ isConsumed: false });

    expect(await run(put())).toEqual({ outcome: 'done' });
    expect(table.one('event-a').state).toBe('resolved');
  });

  it('publishes to its exchange what never came to a queue', async () => {
    const { table, delivered, put, run } = given();

    expect(await run(put({ queue: undefined, place: 'outbox', source: 'outbox abc' }))).toEqual({ outcome: 'done' });

    expect(delivered).toMatchObject([{ properties: { message_id: 'event-a' }, headers: { 'x-replay': {} } }]);
    expect(table.one('event-a').state).toBe('resolved');
  });

  it.each([
    ['is refused', refusedBy('orders'), 'nack; orders: too large'],
    ['may not be stored', unknownIn('orders'), 'unknown; orders: timeout'],
    ['has no queue any more', unroutable, "'orders' is not deployed"],
  ])('opens the row again, with the reason, when the message %s', async (_, answer, reason) => {
    const { table, put, run } = given({ answer });

    expect(await run(put())).toEqual({ outcome: 'failed', reason });

    expect(table.one('event-a')).toMatchObject({ state: 'open', history: [{}, { act: 'replay failed', why: reason }] });
  });

  it.each(['parked', 'discarded', 'recorded'] as const)(
    'leaves a row %s that pages nobody when it cannot be sent',
    async (state) => {
      const { table, put, run } = given({ answer: refusedBy('orders') });
      const row = put({ state });

      await run(row);
      expect(table.one('event-a').state).toBe(state);

      // Asked again after a request that died in between.
      const parked = table.one('event-a');
      await table.startReplay(parked, replay.id, replay.operator);
      await run(parked);
      expect(table.one('event-a').state).toBe(state);
    },
  );

  it('sends nothing for a row that has changed since it was seen, or is gone', async () => {
    const { table, broker, put, run } = given();
    const row = put();
    table.put({ ...row, version: 2 });

    expect(await run(row)).toEqual({ outcome: 'changed' });
    table.rows.clear();
    expect(await run(row)).toEqual({ outcome: 'gone' });
    expect(broker.resumed).toEqual([]);
  });

  it('sends nothing for a row without its message, and leaves it open', async () => {
    const { table, put, run } = given();

    expect(await run(put({ body: undefined, amqp: undefined }))).toMatchObject({ outcome: 'failed' });
    expect(table.one('event-a').state).toBe('open');
  });

  it('finds an envelope that is too large for a row where the row says', async () => {
    const { claims, broker, put, run } = given();
    const row = put();
    claims.bodies.set('key', Buffer.from(row.amqp ?? ''));

    expect(await run(put({ amqp: undefined, amqp_key: 'key' }))).toEqual({ outcome: 'sent' });
    expect(broker.resumed).toHaveLength(1);
  });

  it('asked for again after a crash goes on with what it began, and not with what is done', async () => {
    const { table, broker, put, run } = given();
    const row = put();
    await table.startReplay(row, replay.id, replay.operator);

    expect(await run(row)).toEqual({ outcome: 'sent' });
    await table.resolve({ eventId: row.event_id, row: row.source, replayId: replay.id });
    expect(await run(row)).toEqual({ outcome: 'done' });

    expect(broker.resumed).toHaveLength(1);
  });

  it('leaves alone what another replay has begun', async () => {
    const { table, broker, put, run } = given();
    const row = put();
    await table.startReplay(row, 'another', replay.operator);

    expect(await run(row)).toEqual({ outcome: 'changed' });
    expect(broker.resumed).toEqual([]);
  });
});
