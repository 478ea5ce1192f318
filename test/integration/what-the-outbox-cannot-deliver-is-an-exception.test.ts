import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { OutboxRow } from '../../lambdas/shared/outbox/outbox-row.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import {
  eventIdsWith,
  outboxRow,
  readException,
  readRow,
  settledRow,
  stored,
  streamEvent,
} from '../support/outbox-table.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs, documents } = deployment;

async function holdOf({ aggregate }: OutboxRow) {
  const { Item } = await documents.send(
    new GetCommand({ TableName: outputs.OutboxHoldsTable, Key: { aggregate }, ConsistentRead: true }),
  );
  return Item;
}

async function sweep(): Promise<void> {
  expect(await invoke(lambda, outputs.OutboxSweepFunction, {})).toMatchObject({ failed: false });
}

describe('a row that can never be delivered', () => {
  it.each<[string, OutboxRow, string, RegExp]>([
    ['names an exchange that is not there', outboxRow({ exchange: 'no-such' }), 'channel-error', /404 NOT_FOUND/],
    ['names an internal exchange', outboxRow({ exchange: 'unrouted' }), 'channel-error', /403 ACCESS_REFUSED/],
    ['has no queue', outboxRow({ exchange: 'amq.direct', routingKeys: ['nobody'] }), 'unroutable', /no queue is bound/],
    ['is nothing the relay knows', { ...outboxRow(), amqp: '{"version":9}' }, 'unreadable', /version/],
  ])('becomes one exception when it %s, and the rows beside it arrive', async (_, lost, reason, why) => {
    const behind = outboxRow({ aggregate: lost.aggregate });
    const beside = outboxRow();
    await stored(deployment, lost, behind, beside);

    const settled = await settledRow(deployment, lost);
    // Once more: a repeat is the same exception.
    await invoke(lambda, outputs.OutboxRelayFunction, streamEvent(lost));

    expect(settled).toMatchObject({ exception_at: expect.any(String) });
    expect(settled).not.toHaveProperty('expires_at');
    expect(await readException(deployment, lost.event_id)).toMatchObject({
      state: 'open',
      reason,
      error_message: expect.stringMatching(why),
      aggregate: lost.aggregate,
      body: lost.body,
      amqp: lost.amqp,
      occurrences: 1,
    });
    for (const row of [behind, beside]) {
      expect(await eventIdsWith(deployment, 'analytics.orders', row.event_id, 10_000)).toEqual([row.event_id]);
    }
  });
});

describe('a row that its queues refuse', () => {
  it('holds its own aggregate and no other, and becomes an exception in the end; then those behind it are delivered', async () => {
    // Longer than anything waits: refused each time, by the broker itself.
    const stuck = outboxRow({ delayMs: 2 ** 33 });
    const behind = outboxRow({ aggregate: stuck.aggregate });
    const beside = outboxRow();
    await stored(deployment, stuck, behind, beside);

    expect(await settledRow(deployment, beside)).toHaveProperty('relayed_at');
    const hold = await eventually(
      () => holdOf(stuck),
      (found) => found?.['waiting'].includes(behind.event_id),
      20_000,
    );
    expect(hold).toMatchObject({ waiting: [stuck.event_id, behind.event_id] });
    expect(await readException(deployment, stuck.event_id)).toBeUndefined();

    const delivered = await eventually(
      async () => {
        await sweep();
        return readRow(deployment, behind);
      },
      (row) => row?.['relayed_at'] !== undefined,
      30_000,
    );
    expect(delivered).toHaveProperty('relayed_at');

    expect(await readException(deployment, stuck.event_id)).toMatchObject({
      reason: 'refused',
      error_message: expect.stringContaining('is longer than'),
    });
    expect(await eventIdsWith(deployment, 'analytics.orders', behind.event_id, 5_000)).toContain(behind.event_id);
    expect(await holdOf(stuck)).toBeUndefined();
  });
});

describe('a row that the stream has given up', () => {
  it('is found in the index of undelivered rows, and delivered', async () => {
    // Of an hour ago, and put over another: an update is no insert, so the stream does not bring it.
    const forgotten = { ...outboxRow(), created_at: new Date(Date.now() - 3_600_000).toISOString() };
    const relayed = outboxRow();
    await stored(deployment, relayed);
    await settledRow(deployment, relayed);

    await stored(deployment, { ...forgotten, aggregate: relayed.aggregate, event_id: relayed.event_id });
    await sweep();

    expect(await eventIdsWith(deployment, 'analytics.orders', forgotten.event_id, 5_000)).toContain(forgotten.event_id);
    expect(await readRow(deployment, relayed)).toMatchObject({ relayed_at: expect.any(String) });
  });
});
