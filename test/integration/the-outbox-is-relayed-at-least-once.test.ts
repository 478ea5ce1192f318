import { eventually } from '../../local/eventually.ts';
import { deployedCode, replaceCode, withEntry } from '../support/function-code.ts';
import { invoke } from '../support/invoke.ts';
import { eventIdsWith, outboxRow, readRow, settledRow, stored, streamEvent } from '../support/outbox-table.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs } = deployment;

describe('a row of the outbox', () => {
  it('reaches every queue bound for it, as it was written, and expires', async () => {
    const row = outboxRow({ headers: { shop: '订单' } });
    await stored(deployment, row);

    const settled = await settledRow(deployment, row);

    expect(settled).toMatchObject({ relayed_at: expect.any(String), expires_at: expect.any(Number) });
    expect(settled).not.toHaveProperty('pending');
    for (const queue of ['analytics.orders', 'archive.orders']) {
      const messages = await messagesWith(deployment, deployment.queueUrl(queue), row.event_id);
      expect(messages.map(({ Body }) => Body)).toEqual([row.body]);
      expect(messages[0]?.MessageAttributes?.['amqp']?.StringValue).toContain('订单');
    }
  });

  it('is not sent again when the stream is replayed', async () => {
    const row = outboxRow();
    await stored(deployment, row);
    await settledRow(deployment, row);

    const { failed } = await invoke(lambda, outputs.OutboxRelayFunction, streamEvent(row));

    expect(failed).toBe(false);
    expect(await eventIdsWith(deployment, 'analytics.orders', row.event_id)).toEqual([row.event_id]);
  });
});

describe('rows of one aggregate', () => {
  it('are delivered in the order they were written in, whatever the stream makes of it', async () => {
    const first = outboxRow();
    const { aggregate } = first;
    const second = outboxRow({ aggregate, after: first.event_id });
    const third = outboxRow({ aggregate, after: second.event_id });

    // The table has them in another order, and so has its stream.
    await stored(deployment, third, first, second);

    for (const row of [first, second, third]) {
      expect(await settledRow(deployment, row)).toHaveProperty('relayed_at');
    }
    const rows = await Promise.all([first, second, third].map((row) => readRow(deployment, row)));
    const times = rows.map((row) => String(row?.['relayed_at']));
    expect(times).toEqual(times.toSorted());
  });
});

describe('a relay that dies after the queues have the message and before it is noted', () => {
  let code: Uint8Array;
  beforeAll(async () => {
    code = await deployedCode(lambda, outputs.OutboxRelayFunction);
  });
  afterAll(async () => {
    await replaceCode(lambda, outputs.OutboxRelayFunction, code);
  });

  it('gets the rows again, and delivers each of them, under its event id and in order', async () => {
    const first = outboxRow();
    const second = outboxRow({ aggregate: first.aggregate });
    await replaceCode(lambda, outputs.OutboxRelayFunction, await withEntry(code, 'crashing-relay/index.ts'));

    await stored(deployment, first, second);
    const crashed = await eventIdsWith(deployment, 'analytics.orders', first.aggregate, 20_000);
    expect(crashed).toContain(first.event_id);
    expect(await readRow(deployment, first)).not.toHaveProperty('relayed_at');
    await replaceCode(lambda, outputs.OutboxRelayFunction, code);

    for (const row of [first, second]) {
      expect(await settledRow(deployment, row, 60_000)).toHaveProperty('relayed_at');
    }
    const arrived = await eventually(
      () => eventIdsWith(deployment, 'analytics.orders', first.aggregate),
      (ids) => ids.includes(second.event_id),
      10_000,
    );
    expect(arrived.filter((id) => id === first.event_id).length).toBeGreaterThanOrEqual(2);
    expect(arrived.indexOf(first.event_id)).toBeLessThan(arrived.indexOf(second.event_id));
  });
});
