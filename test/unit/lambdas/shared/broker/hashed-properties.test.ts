import { createHandler } from '../../../../../lambdas/publish/handler.ts';
import { PublishingConnection } from '../../../../../lambdas/shared/amqplib/connection.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { noOutbox } from '../../../../support/no-outbox.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { CountingMeter, clientMessage, lambdaContext, message, silentLog } from '../../builders.ts';
import { brokerOn, decoded, FakeDelays, FakeSender } from './broker-on-fakes.ts';

const queues = ['0', '1', '2', '3'];
const hashing = topology({
  exchanges: [
    exchange('by-id', 'x-consistent-hash', { hashOn: { property: 'message_id' } }),
    exchange('by-time', 'x-consistent-hash', { hashOn: { property: 'timestamp' } }),
    exchange('later', 'x-consistent-hash', { hashOn: { property: 'message_id' }, delayed: true }),
  ],
  queues: [
    ...queues.map((name) => queue(name)),
    queue('wait', { messageTtl: 1_000, deadLetterExchange: 'by-id', delayQueue: true }),
  ],
  bindings: ['by-id', 'by-time', 'later'].flatMap((source) => queues.map((name) => bindQueue(source, name, '1'))),
});
/** Hashed, it would go to queue 0. */
const newEventId = () => 'event-1';

/** What the queues hold, and which. */
const storedIn = (sender: FakeSender) =>
  sender.sent.flatMap(([url, messages]) => messages.map((one) => ({ queue: url.slice(2), message: decoded(one) })));

async function publishFunction(one: object, exchange: string) {
  const sender = new FakeSender();
  const handler = createHandler({
    broker: brokerOn(sender, hashing),
    outbox: noOutbox,
    newEventId,
    log: silentLog,
    meter: new CountingMeter(),
  });
  await handler({ messages: [{ exchange, routing_key: 'k', payload: 'x', properties: one }] }, lambdaContext());
  return storedIn(sender)[0];
}

async function amqplibChannel(
  { message_id: messageId, timestamp }: { message_id?: string; timestamp?: number },
  exchange: string,
) {
  const sender = new FakeSender();
  const connection = new PublishingConnection(brokerOn(sender, hashing), { topology: hashing, newEventId });
  const channel = await connection.createConfirmChannel();
  channel.publish(exchange, 'k', Buffer.from('x'), { messageId, timestamp });
  await channel.waitForConfirms();
  return storedIn(sender)[0];
}

describe.each([
  ['the publish function', publishFunction],
  ['a channel of amqplib’s shape', amqplibChannel],
])('a property that a consistent-hash exchange hashes, published by %s', (_, publish) => {
  it.each([
    ['by-id', {}, '1'],
    ['by-id', { message_id: 'a' }, '1'],
    ['by-id', { message_id: 'd' }, '3'],
    ['by-time', {}, '1'],
    ['by-time', { timestamp: 0 }, '3'],
    ['by-time', { timestamp: 7 }, '2'],
  ])(
    'is the client’s own, or none: %s of %j is in queue %s, as on 3.10.8, 4.0.5 and 4.3.6 (rules 4.10.3, 4.10.4)',
    async (exchange, properties, expected) => {
      const stored = await publish(properties, exchange);

      expect(stored?.queue).toBe(expected);
    },
  );

  it('is stored with an event id, and with no timestamp that the client did not give', async () => {
    const stored = await publish({}, 'by-id');

    expect(stored?.message?.properties).toEqual({ message_id: 'event-1' });
  });
});

describe('an empty message id', () => {
  it('is hashed as it is, and stored as an event id (rule 4.10.3)', async () => {
    expect(await amqplibChannel({ message_id: '' }, 'by-id')).toMatchObject({
      queue: '0',
      message: { properties: { message_id: 'event-1' } },
    });
  });
});

describe('a message published without an id, when it is routed again (rule 4.10.4)', () => {
  /** None of them goes to queue 1, were it hashed. */
  const eventIds = ['event-1', 'event-2', 'event-3', 'event-4', 'event-5', 'event-6', 'event-7', 'event-8'];

  async function published(exchange: string, headers: Message['headers'] = {}) {
    const [sender, delays] = [new FakeSender(), new FakeDelays()];
    const broker = brokerOn(sender, hashing, delays);
    const routed = eventIds.map((eventId) =>
      broker.accept(clientMessage({ exchange, routingKeys: ['wait'], headers, eventId })),
    );
    await broker.deliver(routed);
    return { broker, delays, stored: storedIn(sender) };
  }
  const queuesOf = (answers: readonly { readonly queues: readonly { readonly queue: string }[] }[]) =>
    new Set(answers.flatMap((one) => one.queues.map(({ queue: name }) => name)));

  it('goes where all such messages go, as a letter that a consumer dead-letters', async () => {
    const { broker, stored } = await published('by-id');
    const letters = await Promise.all(
      stored.flatMap(({ message: one }) => (one ? [broker.republish({ ...one, exchange: 'by-id' })] : [])),
    );

    expect(letters).toHaveLength(eventIds.length);
    expect(queuesOf(letters)).toEqual(new Set(['1']));
  });

  it('goes where all such messages go, behind a delay queue', async () => {
    const { stored } = await published('');

    expect(stored).toHaveLength(eventIds.length);
    expect(new Set(stored.map((one) => one.queue))).toEqual(new Set(['1']));
  });

  it('goes where all such messages go, when a long delay is over', async () => {
    const { broker, delays } = await published('later', { 'x-delay': 3_600_000 });
    const waits = delays.kept.map((one) => ({ ...one, dueAt: 0 }));

    expect(waits).toHaveLength(eventIds.length);
    expect(queuesOf(await Promise.all(waits.map((one) => broker.resume(one))))).toEqual(new Set(['1']));
  });

  it('goes by its id where the client gave one, whatever looks like ours', async () => {
    const sender = new FakeSender();
    const broker = brokerOn(sender, hashing);
    await broker.publish(eventIds.map((message_id) => message({ exchange: 'by-id', properties: { message_id } })));

    expect(new Set(storedIn(sender).map((one) => one.queue)).size).toBeGreaterThan(1);
  });
});
