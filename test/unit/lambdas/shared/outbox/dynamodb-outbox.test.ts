import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { OwnWrite } from '../../../../../lambdas/shared/aws/transaction.ts';
import { createDynamoDbOutbox } from '../../../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import {
  mayBeWritten,
  OutboxLimitError,
  TransactionCancelledError,
} from '../../../../../lambdas/shared/outbox/errors.ts';
import { isSameEvent, messageOf, outboxRowSchema } from '../../../../../lambdas/shared/outbox/outbox-row.ts';
import { outboxContract } from '../../../../contracts/dynamodb/outbox.ts';
import { message, now, rejectionOf } from '../../builders.ts';
import { outboxMessage } from './memory-outbox.ts';

type Item = Record<string, unknown>;

/** One table with conditional puts, all or nothing, as DynamoDB's transactions are. Own writes count how often they were made. */
class MemoryTransactions {
  readonly items = new Map<string, Item>();
  readonly calls: TransactWriteCommandInput[] = [];
  ownWrites = 0;
  /** The reason why the caller's own write is cancelled, if it is. */
  ownReason: CancellationReason | undefined;
  /** Answers call by call before the table does. */
  readonly script: (CancellationReason[] | Error)[] = [];
  /** Calls whose reply is lost after they were carried out. */
  lostReplies = 0;
  onCall: () => void = () => {};

  async send(
    { input }: { input: TransactWriteCommandInput },
    { abortSignal }: { abortSignal?: AbortSignal | undefined } = {},
  ): Promise<unknown> {
    this.calls.push(input);
    this.onCall();
    if (abortSignal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    const scripted = this.script.shift();
    if (scripted instanceof Error) throw scripted;
    const reasons = scripted ?? (input.TransactItems ?? []).map((action) => this.reasonOf(action));
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
    for (const { Put, Update } of input.TransactItems ?? []) {
      if (Update) this.ownWrites++;
      if (Put?.Item) this.items.set(keyOf(Put.Item), Put.Item);
    }
    if (this.lostReplies-- > 0) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    return {};
  }

  private reasonOf({ Put, Update }: OwnWrite): CancellationReason {
    if (Update) return this.ownReason ?? { Code: 'None' };
    const old = Put?.Item && this.items.get(keyOf(Put.Item));
    if (!old || Put?.ConditionExpression !== 'attribute_not_exists(event_id)') return { Code: 'None' };
    const isAsked = Put?.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    return { Code: 'ConditionalCheckFailed', ...(isAsked && { Item: marshall(old, { removeUndefinedValues: true }) }) };
  }

  get eventIds(): unknown[] {
    return [...this.items.values()].map((item) => item['event_id']);
  }
}

const keyOf = ({ aggregate, event_id }: Item): string => JSON.stringify([aggregate, event_id]);
const cancelled = (reasons: CancellationReason[]) =>
  new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: reasons });
const ownWrite: OwnWrite = { Update: { TableName: 'orders', Key: { id: '1' }, UpdateExpression: 'ADD paid :one' } };
const none = { Code: 'None' };

function given({ onWait = () => {} }: { onWait?: () => void } = {}) {
  const table = new MemoryTransactions();
  const waits: number[] = [];
  let time = now.getTime();
  const outbox = createDynamoDbOutbox(table as unknown as DynamoDBDocumentClient, {
    table: 'outbox-table',
    // Each row is written at a time of its own.
    now: () => new Date(time++),
    maxAttempts: 3,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      onWait();
    },
    random: () => 0.5,
  });
  return { table, outbox, waits };
}

/** On a table in memory, which thereby shows that it does as DynamoDB does. */
outboxContract(() => {
  const { table, outbox } = given();
  return {
    outbox,
    rows: async () => [...table.items.values()],
    async giveUp(row) {
      const key = keyOf({ ...row });
      table.items.set(key, { ...table.items.get(key), exception_at: '2026-11-23T03:00:00.000Z' });
    },
    ownTable: 'orders',
    ownWrites: async () => table.ownWrites,
    async close(id) {
      table.ownReason = { Code: 'ConditionalCheckFailed', Item: marshall({ id, closed: true }) };
    },
  };
});

describe('messages written to the outbox', () => {
  it('are one transaction with the caller’s own writes: a row each, if it is not there', async () => {
    const { table, outbox } = given();

    const result = await outbox.write([outboxMessage('a1'), outboxMessage('b1')], [ownWrite]);

    expect(result).toEqual({ outcome: 'written', rows: ['written', 'written'] });
    expect(table.calls).toHaveLength(1);
    expect(table.calls[0]?.TransactItems).toMatchObject([
      ownWrite,
      {
        Put: {
          TableName: 'outbox-table',
          Item: { aggregate: 'a', event_id: 'a1', created_at: '2026-11-23T02:00:00.000Z', body: '{"n":1}' },
          ConditionExpression: 'attribute_not_exists(event_id)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { Put: { Item: { aggregate: 'b', event_id: 'b1' } } },
    ]);
  });

  it('carry everything of the message, and are in the index of undelivered rows', async () => {
    const { table, outbox } = given();
    const whole = message({
      properties: { message_id: 'a1', type: 't', expiration: '1000', priority: 3 },
      headers: { CC: ['x'], BCC: ['y'], deep: { list: [1, 'two', null] } },
      payload: Buffer.from([0, 255]).toString('base64'),
      payloadEncoding: 'base64',
    });

    await outbox.write([{ aggregate: 'a', message: whole, delayMs: 1500 }]);

    const stored = outboxRowSchema.parse([...table.items.values()][0]);
    expect(messageOf(stored)).toEqual(whole);
    expect(stored).toMatchObject({ delay: 1500, pending: expect.stringMatching(/^\d+$/) });
  });

  it('of one aggregate name the one in front of them: a stream does not keep the order within a transaction', async () => {
    const { table, outbox } = given();

    await outbox.write(['a1', 'b1', 'a2', 'a3'].map((id) => outboxMessage(id)));

    expect([...table.items.values()].map(({ event_id, after }) => [event_id, after])).toEqual([
      ['a1', undefined],
      ['b1', undefined],
      ['a2', 'a1'],
      ['a3', 'a2'],
    ]);
  });

  it('are nothing at all when one of them is over a limit', async () => {
    const { table, outbox } = given();
    const tooMany = Array.from({ length: 101 }, (_, at) => outboxMessage(`a${at}`));

    expect(await rejectionOf(outbox.write(tooMany))).toBeInstanceOf(OutboxLimitError);
    expect(
      await rejectionOf(outbox.write([outboxMessage('a1'), outboxMessage('a2', { payload: 'x'.repeat(400_000) })])),
    ).toBeInstanceOf(OutboxLimitError);
    expect(table.calls).toEqual([]);
  });
});

describe('an event that is compared with a row', () => {
  it('is the same event only with the same delay', () => {
    const [stored, delayed] = [
      outboxRowSchema.parse({ ...rowItem() }),
      outboxRowSchema.parse({ ...rowItem(), delay: 5 }),
    ];

    expect(isSameEvent(stored, stored)).toBe(true);
    expect(isSameEvent(stored, delayed)).toBe(false);
  });

  function rowItem() {
    return {
      aggregate: 'a',
      event_id: 'a1',
      created_at: '2026-11-23T02:00:00.000Z',
      body: '{}',
      amqp: '{"version":1,"vhost":"/","exchange":"e","routing_keys":["k"],"properties":{"message_id":"a1"},"headers":{},"body":"text"}',
    };
  }
});

describe('after a reply that was lost', () => {
  it('nobody knows, and writing again finds the rows and makes the own write no second time', async () => {
    const { table, outbox } = given();
    table.lostReplies = 1;

    const error = await rejectionOf(outbox.write([outboxMessage('a1')], [ownWrite]));
    const again = await outbox.write([outboxMessage('a1')], [ownWrite]);

    expect(mayBeWritten(error)).toBe(true);
    expect(again).toEqual({ outcome: 'written', rows: ['written-before'] });
    expect(table.ownWrites).toBe(1);
  });
});

describe('a transaction that is cancelled', () => {
  it.each([
    ['a conflict with another', [{ Code: 'TransactionConflict' }, none]],
    ['a throttle', [none, { Code: 'ThrottlingError' }]],
    ['no reason at all', []],
  ])('for %s is tried again, after a pause that grows', async (_, reasons) => {
    const { table, outbox, waits } = given();
    table.script.push(...[reasons, reasons].map((some) => (some.length > 0 ? some : cancelled([]))));

    expect(await outbox.write([outboxMessage('a1'), outboxMessage('a2')])).toMatchObject({ outcome: 'written' });
    expect(waits).toEqual([50, 100]);
  });

  it('each time is an error that says why; nothing is written then', async () => {
    const { table, outbox } = given();
    const conflict = [{ Code: 'TransactionConflict' }, none];
    table.script.push(conflict, conflict, conflict);

    const error = await rejectionOf(outbox.write([outboxMessage('a1'), outboxMessage('a2')]));

    expect(error).toBeInstanceOf(TransactionCancelledError);
    expect((error as Error).message).toBe('the transaction was cancelled: TransactionConflict, None');
    expect(mayBeWritten(error)).toBe(false);
    expect(table.eventIds).toEqual([]);
  });
});

describe('the deadline of a write', () => {
  it('ends the call under way: its rows may be written', async () => {
    const { table, outbox } = given();
    const deadline = new AbortController();
    table.onCall = () => deadline.abort();

    const error = await rejectionOf(outbox.write([outboxMessage('a1')], [], deadline.signal));

    expect(mayBeWritten(error)).toBe(true);
    expect(table.calls).toHaveLength(1);
  });

  it('lets a cancelled transaction not be tried again: nothing is written', async () => {
    const deadline = new AbortController();
    const { table, outbox } = given({ onWait: () => deadline.abort() });
    const conflict = [{ Code: 'TransactionConflict' }];
    table.script.push(conflict);

    const error = await rejectionOf(outbox.write([outboxMessage('a1')], [], deadline.signal));

    expect(error).toBeInstanceOf(TransactionCancelledError);
    expect(table.calls).toHaveLength(1);
    expect(table.eventIds).toEqual([]);
  });
});
