import { randomUUID } from 'node:crypto';
import { invoke } from '../support/invoke.ts';
import { eventIdsWith, readRow, settledRow } from '../support/outbox-table.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs } = deployment;

interface Given {
  readonly message_id?: string;
  readonly aggregate?: string;
  readonly exchange?: string;
  readonly payload?: string;
}

const messageOf = ({
  message_id = randomUUID(),
  aggregate,
  exchange = 'orders',
  payload = message_id,
}: Given = {}) => ({
  exchange,
  routing_key: 'note.added',
  properties: { message_id },
  payload,
  ...(aggregate !== undefined && { aggregate }),
});

const publish = (...messages: object[]) => invoke(lambda, outputs.PublishFunction, { mode: 'outbox', messages });
const keyOf = (message_id: string, aggregate = `event#${message_id}`) => ({ aggregate, event_id: message_id });

describe('messages published in outbox mode', () => {
  it('are all stored before they are acked, and all delivered', async () => {
    const messages = Array.from({ length: 100 }, () => messageOf());

    const { answer } = await publish(...messages);

    expect(answer).toMatchObject({
      ok: true,
      events: [{ method: 'tx.commit-ok' }],
      messages: messages.map(({ properties }) => ({ ...properties, confirm: 'ack', queues: [], row: 'written' })),
    });
    for (const { properties } of messages) {
      expect(await settledRow(deployment, keyOf(properties.message_id), 60_000)).toHaveProperty('relayed_at');
    }
    const [first, last] = [messages.at(0), messages.at(-1)].map((one) => one?.properties.message_id ?? '');
    for (const id of [first, last])
      expect(await eventIdsWith(deployment, 'analytics.orders', String(id))).toEqual([id]);
  });

  it('of one aggregate are delivered in their order', async () => {
    const aggregate = `order#${randomUUID()}`;
    const messages = Array.from({ length: 5 }, () => messageOf({ aggregate }));

    await publish(...messages);

    const rows = [];
    for (const { properties } of messages) {
      rows.push(await settledRow(deployment, keyOf(properties.message_id, aggregate)));
    }
    const times = rows.map((row) => String(row?.['relayed_at']));
    expect(times).toEqual(times.toSorted());
    expect(rows.map((row) => row?.['after'])).toEqual([
      undefined,
      ...messages.slice(0, -1).map(({ properties }) => properties.message_id),
    ]);
  });

  it('again are a success, one row and one copy', async () => {
    const message = messageOf();
    await publish(message);

    const { answer } = await publish(message);

    expect(answer).toMatchObject({ ok: true, messages: [{ confirm: 'ack', row: 'written-before' }] });
    const { message_id } = message.properties;
    expect(await settledRow(deployment, keyOf(message_id))).toHaveProperty('relayed_at');
    expect(await eventIdsWith(deployment, 'analytics.orders', message_id)).toEqual([message_id]);
  });
});

const tooLargeForEver = ['analytics.orders', 'archive.orders'].map((queue) => ({
  queue,
  outcome: 'refused',
  permanent: true,
  reason: expect.stringContaining('and DynamoDB takes 393,216'),
}));

describe('a request in outbox mode of which one message is bad', () => {
  it.each([
    ['names an exchange that is not there', { exchange: 'no-such' }, { ok: false, channel_error: { reply_code: 404 } }],
    [
      'is larger than a row',
      { payload: 'x'.repeat(400 * 1024) },
      { messages: [{ confirm: 'not-published' }, { confirm: 'nack', queues: tooLargeForEver }] },
    ],
  ])('writes nothing when it %s', async (_, bad, expected) => {
    const good = messageOf();

    const { answer } = await publish(good, messageOf(bad));

    expect(answer).toMatchObject(expected);
    expect(await readRow(deployment, keyOf(good.properties.message_id))).toBeUndefined();
  });

  it('writes nothing when there are more than a transaction takes, and says how many', async () => {
    const messages = Array.from({ length: 101 }, () => messageOf());

    const { answer } = await publish(...messages);

    expect(answer).toMatchObject({ errorMessage: expect.stringContaining('101 actions, and DynamoDB takes 100') });
    expect(await readRow(deployment, keyOf(messages[0]?.properties.message_id ?? ''))).toBeUndefined();
  });

  it('writes nothing when its event id stands for other content', async () => {
    const before = messageOf();
    await publish(before);
    const good = messageOf();

    const { answer } = await publish(good, { ...before, payload: 'other' });

    expect(answer).toMatchObject({ errorMessage: expect.stringContaining('other content') });
    expect(await readRow(deployment, keyOf(good.properties.message_id))).toBeUndefined();
  });
});
