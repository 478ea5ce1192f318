import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { OutboxRow } from '../../lambdas/shared/outbox/outbox-row.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs, documents } = deployment;

function outboxRow(changes: Partial<OutboxRow> = {}): OutboxRow {
  const out_trade_no = `T-${randomUUID().slice(0, 18)}`;
  return {
    aggregate: `order#${out_trade_no}`,
    event_id: randomUUID(),
    vhost: '/',
    exchange: 'orders',
    routing_key: 'order.paid',
    type: 'order.paid',
    payload: JSON.stringify({ out_trade_no }),
    created_at: '2026-11-23T02:00:00.000Z',
    ...changes,
  };
}

async function stored(row: OutboxRow): Promise<OutboxRow> {
  await documents.send(new PutCommand({ TableName: outputs.OutboxTable, Item: row }));
  return row;
}

const tradeOf = ({ aggregate }: OutboxRow): string => aggregate.replace('order#', '');
const streamEvent = (...rows: OutboxRow[]) => ({
  Records: rows.map((row) => ({ eventName: 'INSERT', dynamodb: { NewImage: marshall(row) } })),
});

function mark(row: OutboxRow) {
  return eventually(
    async () => (await observeOrder(deployment, tradeOf(row))).outbox[0],
    (seen) => seen?.relayed_at !== undefined,
    20_000,
  );
}

describe('a row of the outbox', () => {
  it.each(['ledger.entries', 'order-cache.updates', 'fulfilment.requests'])(
    'reaches %s and is marked',
    async (queue) => {
      const row = await stored(outboxRow());

      expect(await mark(row)).toMatchObject({ relayed_at: expect.any(String) });
      const messages = await messagesWith(deployment, deployment.queueUrl(queue), tradeOf(row), 5_000);
      expect(messages.map(({ Body }) => Body)).toEqual([row.payload]);
    },
  );

  it('comes again with the same event id when the stream is replayed', async () => {
    const row = await stored(outboxRow());
    await mark(row);

    const { failed } = await invoke(lambda, outputs.OutboxRelayFunction, streamEvent(row));

    expect(failed).toBe(false);
    const messages = await messagesWith(deployment, deployment.queueUrl('ledger.entries'), tradeOf(row));
    const eventIds = messages.map(({ MessageAttributes }) => {
      return JSON.parse(MessageAttributes?.['amqp']?.StringValue ?? '{}').properties.message_id;
    });
    expect(eventIds).toEqual([row.event_id, row.event_id]);
  });

  it('that names no exchange of the topology stays for somebody to look at, and the rows beside it are relayed', async () => {
    const lost = await stored(outboxRow({ exchange: 'no-such-exchange' }));
    const fine = await stored(outboxRow());

    const { failed } = await invoke(lambda, outputs.OutboxRelayFunction, streamEvent(lost, fine));

    expect(failed).toBe(false);
    expect(await mark(fine)).toMatchObject({ relayed_at: expect.any(String) });
    expect((await observeOrder(deployment, tradeOf(lost))).outbox).toEqual([{ event_id: lost.event_id }]);
  });
});
