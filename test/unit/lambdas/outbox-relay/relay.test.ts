import type { DynamoDBStreamEvent } from 'aws-lambda';
import { InvalidStreamEventError } from '../../../../lambdas/outbox-relay/stream-rows.ts';
import type { Publisher } from '../../../../lambdas/shared/broker/broker.ts';
import type { OverflowGate } from '../../../../lambdas/shared/broker/overflow-gate.ts';
import { toRow } from '../../../../lambdas/shared/outbox/outbox-row.ts';
import type { ClientMessage } from '../../../../rabbitmq/message.ts';
import type { Admission } from '../../../../rabbitmq/publishing/overflow.ts';
import type { Topology } from '../../../../rabbitmq/topology.ts';
import { noDelays } from '../../../support/no-delays.ts';
import { bindQueue, exchange, queue } from '../../rabbitmq/topology-builders.ts';
import { lambdaContext, rejectionOf } from '../builders.ts';
import { brokerOn, FakeSender, refused, shop, unknown } from '../shared/broker/broker-on-fakes.ts';
import { outboxMessage, row } from '../shared/outbox/memory-outbox.ts';
import { outboxOn, streamOf } from '../shared/outbox/outbox-on-fakes.ts';
import { QueuesByEvent } from '../shared/outbox/queues-by-event.ts';

const toLedger = { routingKeys: ['ledger.x'] };
/** Rows for the queue `ledger` alone. */
const ledgerRows = (...ids: string[]) => ids.map((id) => row(id, toLedger));

describe('the rows of an aggregate', () => {
  it('are published one after the other, side by side with those of other aggregates', async () => {
    const queues = new QueuesByEvent();
    const rows = ledgerRows('a1', 'a2', 'b1', 'a3');
    const { stream, table, holds } = outboxOn(queues, rows);

    await stream(...rows);

    expect(queues.sends).toEqual(['ledger a1, ledger b1', 'ledger a2', 'ledger a3']);
    expect(table.fates()).toEqual(['a1 relayed', 'a2 relayed', 'a3 relayed', 'b1 relayed']);
    expect(holds.waiting()).toEqual({});
  });

  it.each([
    ['refused', refused],
    ['unknown', unknown],
  ])(
    'wait behind one that is %s, in their order; other aggregates go on, and so does the stream',
    async (_, answer) => {
      const rows = ledgerRows('a1', 'a2', 'a3', 'b1', 'b2');
      const queues = new QueuesByEvent({ 'ledger a2': answer });
      const { stream, table, holds } = outboxOn(queues, rows);

      await expect(stream(...rows)).resolves.toBeUndefined();

      expect(queues.copies).not.toContain('ledger a3');
      expect(table.fates()).toEqual(['a1 relayed', 'a2 pending', 'a3 pending', 'b1 relayed', 'b2 relayed']);
      expect(holds.waiting()).toEqual({ a: ['a2', 'a3'] });
    },
  );

  it('wait in later batches too, behind those that wait', async () => {
    const rows = ledgerRows('a1', 'a2', 'a3', 'b1');
    const queues = new QueuesByEvent({ 'ledger a1': refused });
    const { stream, holds, meter } = outboxOn(queues, rows);
    const [first, ...later] = rows;

    await stream(first as object);
    await stream(...later);

    expect(queues.copies).toEqual(['ledger b1']);
    expect(holds.waiting()).toEqual({ a: ['a1', 'a2', 'a3'] });
    expect(meter.counts.filter(([, { outcome }]) => outcome === 'waits')).toHaveLength(2);
  });

  it('go on when the hold ends between the two looks at it', async () => {
    const rows = ledgerRows('a1');
    const queues = new QueuesByEvent();
    const { stream, holds } = outboxOn(queues, rows);
    holds.heldOf = async (aggregates) => new Set(aggregates);

    await stream(...rows);

    expect(queues.copies).toEqual(['ledger a1']);
  });

  it('are delivered in the order they were written in, when the stream turns a transaction round', async () => {
    const rows = [row('a1', toLedger), row('a2', toLedger, 'a1'), row('a3', toLedger, 'a2')];
    const queues = new QueuesByEvent();
    const { stream } = outboxOn(queues, rows);

    await stream(rows[2] as object, rows[0] as object);
    await stream(rows[1] as object);

    expect(queues.copies).toEqual(['ledger a1', 'ledger a2', 'ledger a3']);
  });
});

describe('a batch that is handed over again', () => {
  it('sends nothing again that is marked', async () => {
    const rows = ledgerRows('a1', 'b1');
    const queues = new QueuesByEvent();
    const { stream } = outboxOn(queues, rows);

    await stream(...rows);
    await stream(...rows);

    expect(queues.copies).toEqual(['ledger a1', 'ledger b1']);
  });

  it('after a crash before the mark sends the row again, under the same event id', async () => {
    const rows = ledgerRows('a1', 'a2');
    const queues = new QueuesByEvent();
    const { stream, table } = outboxOn(queues, rows);
    const relayed = table.relayed.bind(table);
    table.relayed = () => Promise.reject(new Error('the function died'));

    expect(await rejectionOf(stream(...rows))).toBeInstanceOf(Error);
    table.relayed = relayed;
    await stream(...rows);

    expect(queues.copies).toEqual(['ledger a1', 'ledger a1', 'ledger a2']);
    expect(table.fates()).toEqual(['a1 relayed', 'a2 relayed']);
  });

  it('sends a row only to the queues that have not stored it', async () => {
    // Routed to `orders` and `audit`.
    const rows = [row('a1')];
    const answers: Record<string, typeof refused> = { 'audit a1': refused };
    const queues = new QueuesByEvent(answers);
    const { stream, sweep, table } = outboxOn(queues, rows);

    await stream(...rows);
    expect(table.missing('a1')).toEqual(['audit']);
    delete answers['audit a1'];
    await sweep();

    expect(queues.sends.toSorted()).toEqual(['audit a1', 'audit a1', 'orders a1']);
    expect(table.fates()).toEqual(['a1 relayed']);
  });
});

describe('a row that can never be delivered', () => {
  const next = row('a2', toLedger);
  const neighbour = row('b1', toLedger);

  it.each([
    [
      'names no exchange',
      row('a1', { exchange: 'gone' }),
      "a1 channel-error: 404 NOT_FOUND - no exchange 'gone' in vhost '/'",
    ],
    ['names an internal exchange', row('a1', { exchange: 'inside' }), /^a1 channel-error: 403 ACCESS_REFUSED/],
    [
      'has no queue',
      row('a1', { routingKeys: ['x'] }),
      "a1 unroutable: no queue is bound to exchange 'payments' for routing key 'x'",
    ],
    [
      'lacks its body',
      { ...row('a1'), body: undefined },
      'a1 unreadable: it is no outbox row: body: Invalid input: expected string, received undefined',
    ],
    ['has an envelope of another version', { ...row('a1'), amqp: '{"version":2}' }, /^a1 unreadable: .*version/],
    ['has an envelope that is no JSON', { ...row('a1'), amqp: '{' }, /^a1 unreadable: .*not JSON/],
  ])('becomes one exception when it %s, and holds up neither its aggregate nor others', async (_, lost, why) => {
    const queues = new QueuesByEvent();
    const rows = [lost as typeof next, next, neighbour];
    const { stream, table, exceptions, holds } = outboxOn(queues, rows);

    await stream(...rows);
    await stream(...rows);

    expect(exceptions.reasons()).toEqual([typeof why === 'string' ? why : expect.stringMatching(why)]);
    expect(exceptions.opened).toMatchObject([{ source: 'outbox', aggregate: 'a', envelope: lost.amqp }]);
    expect(table.fates()).toEqual(['a1 exception', 'a2 relayed', 'b1 relayed']);
    expect(holds.waiting()).toEqual({});
  });
});

describe('a row for a queue that is full', () => {
  const full = (overflow: 'reject-publish' | 'reject-publish-dlx'): Topology => ({
    ...shop,
    exchanges: [...shop.exchanges, exchange('over', 'fanout')],
    queues: [
      ...shop.queues,
      queue('full', { type: 'classic', maxLength: 1, overflow, deadLetterExchange: 'over' }),
      queue('letters'),
    ],
    bindings: [...shop.bindings, bindQueue('payments', 'full', 'full'), bindQueue('over', 'letters')],
  });
  const refuseAll =
    (admission: Admission): OverflowGate =>
    async (copies) =>
      copies.map(() => admission);

  it('waits: it may not be full in a minute', async () => {
    const rows = [row('a1', { routingKeys: ['full'] })];
    const queues = new QueuesByEvent();
    const publisher = brokerOn(queues, full('reject-publish'), noDelays, { gate: refuseAll('refuse') });
    const { stream, holds } = outboxOn(queues, rows, publisher);

    await stream(...rows);

    expect(holds.waiting()).toEqual({ a: ['a1'] });
  });

  it('is done with when the queue has dead-lettered it: each try would make another letter', async () => {
    const rows = [row('a1', { routingKeys: ['full'] })];
    const queues = new QueuesByEvent();
    const gate = refuseAll('dead-letter');
    const { stream, sweep, table, holds } = outboxOn(
      queues,
      rows,
      brokerOn(queues, full('reject-publish-dlx'), noDelays, { gate }),
    );

    await stream(...rows);
    await sweep();

    expect(queues.copies).toEqual(['letters a1']);
    expect(table.fates()).toEqual(['a1 relayed']);
    expect(holds.waiting()).toEqual({});
  });
});

describe('an event id that was made for its message', () => {
  it('is none of its properties: no exchange hashes it (rule 4.10.3)', async () => {
    const rows = [row('a1', { idIsMade: true }), row('b1')];
    const accepted: ClientMessage[] = [];
    const broker = brokerOn(new QueuesByEvent());
    const publisher: Publisher = {
      deliver: broker.deliver,
      accept(message, options) {
        accepted.push(message);
        return broker.accept(message, options);
      },
    };
    const { stream } = outboxOn(new QueuesByEvent(), rows, publisher);

    await stream(...rows);

    expect(accepted.map(({ eventId, properties }) => [eventId, properties.message_id])).toEqual([
      ['a1', undefined],
      ['b1', 'b1'],
    ]);
  });
});

describe('a delay', () => {
  it('counts from the time the row was written', async () => {
    const delayed = toRow(outboxMessage('a1', toLedger, 120_000), new Date('2026-11-23T02:00:00Z'));
    const sender = new FakeSender();
    const { stream, minutesLater } = outboxOn(sender, [delayed]);

    minutesLater(1);
    await stream(delayed);

    expect(sender.sent.map(([, messages]) => messages.map(({ DelaySeconds }) => DelaySeconds))).toEqual([[60]]);
  });
});

describe('an event that is no batch of the outbox', () => {
  it.each<[string, unknown, string]>([
    ['nothing at all', undefined, 'it has no Records'],
    ['an empty object', {}, 'it has no Records'],
    ['a row of another table', streamOf({ id: 'x' }), 'row 0 has no key of the outbox table'],
  ])('is refused, saying why: %s', async (_, event, why) => {
    const { handler } = outboxOn(new QueuesByEvent(), []);

    const error = await rejectionOf(handler(event as DynamoDBStreamEvent, lambdaContext()));

    expect(error).toBeInstanceOf(InvalidStreamEventError);
    expect((error as Error).message).toContain(why);
  });
});
