import type { DynamoDBDocumentClient, UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbExceptions } from '../../../../../lambdas/shared/exceptions/dynamodb-exceptions.ts';
import type { NewException } from '../../../../../lambdas/shared/exceptions/exceptions.ts';
import { CountingMeter, now, silentLog } from '../../builders.ts';

const exception: NewException = {
  eventId: 'event-1',
  source: 'outbox',
  reason: 'unroutable',
  error: { name: 'UnroutableRowError', message: 'no queue' },
  aggregate: 'order#1',
  body: '{}',
  envelope: '{"version":1}',
};

/** Remembers what it was asked; `before` is what the row held. */
function given(before: Record<string, unknown> = {}) {
  const inputs: UpdateCommandInput[] = [];
  const client = {
    send: async ({ input }: { input: UpdateCommandInput }) => {
      inputs.push(input);
      return { Attributes: before };
    },
  } as unknown as DynamoDBDocumentClient;
  const meter = new CountingMeter();
  const exceptions = createDynamoDbExceptions(client, {
    table: 'exceptions',
    keepSeconds: 60,
    now: () => now,
    log: silentLog,
    meter,
  });
  return { inputs, meter, exceptions };
}

describe('an exception', () => {
  it('is one row per digest too, where an event id may stand for several messages', async () => {
    const { inputs, exceptions } = given();

    await exceptions.open({ ...exception, contentDigest: 'abc' });

    expect(inputs).toMatchObject([{ Key: { event_id: 'event-1', source: 'outbox abc' } }]);
  });

  it('that is only recorded waits for nobody, and does not ring', async () => {
    const { inputs, meter, exceptions } = given();

    await exceptions.open({ ...exception, state: 'recorded' });

    expect(inputs).toMatchObject([{ ExpressionAttributeValues: { ':state': 'recorded' } }]);
    expect(meter.counts).toEqual([]);
  });

  it('is counted when it begins to wait for somebody: by source and reason for whoever looks, and without for the alarm', async () => {
    const [first, again, reopened] = [given(), given({ state: 'open' }), given({ state: 'resolved' })];

    await first.exceptions.open(exception);
    await again.exceptions.open(exception);
    await reopened.exceptions.open(exception);

    expect(first.meter.counts).toEqual([
      ['ExceptionsOpened', { source: 'outbox', reason: 'unroutable' }],
      ['ExceptionsOpened', {}],
    ]);
    expect(again.meter.counts).toEqual([]);
    expect(reopened.meter.counts).toHaveLength(2);
  });

  it('is stored without its content, rather than not at all, when an item cannot hold it', async () => {
    const { inputs, exceptions } = given();

    await exceptions.open({ ...exception, body: 'x'.repeat(400_000) });

    const names = Object.keys(inputs[0]?.ExpressionAttributeValues ?? {});
    expect(names).toContain(':error_message');
    expect(names).not.toContain(':body');
    expect(names).not.toContain(':amqp');
  });
});
