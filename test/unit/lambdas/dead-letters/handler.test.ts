import { createHandler } from '../../../../lambdas/dead-letters/handler.ts';
import { claimOf } from '../../../../lambdas/shared/broker/claim.ts';
import { encodeMessage } from '../../../../lambdas/shared/broker/envelope.ts';
import { createBurial } from '../../../../lambdas/shared/consumer/burial.ts';
import { queuesByDeadLetterQueue } from '../../../../lambdas/shared/consumer/dead-letter-queues.ts';
import { createLastChance } from '../../../../lambdas/shared/consumer/last-chance.ts';
import { createResolveReplay } from '../../../../lambdas/shared/consumer/resolve-replay.ts';
import { createMessageExceptions } from '../../../../lambdas/shared/exceptions/message-exceptions.ts';
import { stampAttributes } from '../../../../lambdas/shared/partitions/stamp.ts';
import { deadLetterQueueName, sqsQueueName } from '../../../../rabbitmq/plan/queue-name.ts';
import type { Queue } from '../../../../rabbitmq/topology.ts';
import { queue, topology } from '../../rabbitmq/topology-builders.ts';
import { CountingMeter, lambdaContext, message, now, recordOf, silentLog } from '../builders.ts';
import { FakeBroker, refusedBy, stored } from '../fake-broker.ts';
import { MemoryClaims } from '../memory-claims.ts';
import { MemoryExceptions } from '../shared/outbox/memory-outbox.ts';

const orders = queue('orders', { deadLetterExchange: 'dead' });
const mail = queue('mail', { vhost: 'shop' });
const arnOf = (one: Queue) =>
  `arn:aws:sqs:eu-west-1:000000000000:${deadLetterQueueName(sqsQueueName('warren-dev', one))}`;

function given({ broker = new FakeBroker(stored('dead')) } = {}) {
  const claims = new MemoryClaims();
  const exceptions = new MemoryExceptions();
  const meter = new CountingMeter();
  const keep = createMessageExceptions({ claims, exceptions });
  const handler = createHandler({
    queueOf: queuesByDeadLetterQueue(topology({ queues: [orders, mail] }), 'warren-dev'),
    bury: createBurial({ dialect: '4.3', broker, keep, isWatched: () => false, now: () => now }),
    keepAtLastChance: createLastChance({ keep, keepAfterSeconds: 13 * 86_400, now: () => now, log: silentLog }),
    resolveReplay: createResolveReplay(exceptions),
    claims,
    log: silentLog,
    meter,
  });
  const run = async (...records: ReturnType<typeof from>[]) =>
    (await handler({ Records: records }, lambdaContext())).batchItemFailures.map((one) => one.itemIdentifier);
  return { run, broker, exceptions, meter };
}

const from = (arn: string, id = 'sqs-1') =>
  recordOf(encodeMessage(message({ properties: { message_id: `event-${id}` } })), {
    messageId: id,
    eventSourceARN: arn,
  });

describe('a marker of a partition in a dead-letter queue', () => {
  it('is dropped: it is nobody’s message, and the command sends it again', async () => {
    const { run, broker, exceptions, meter } = given();
    const stamp = stampAttributes({ vhost: '/', exchange: 'shards', version: 1, marker: true });
    const marker = recordOf({ MessageBody: '(marker)', MessageAttributes: stamp }, { eventSourceARN: arnOf(orders) });

    expect(await run(marker)).toEqual([]);

    expect(broker.republished).toEqual([]);
    expect(exceptions.opened).toEqual([]);
    expect(meter.counts).toEqual([]);
  });
});

describe('a message in a dead-letter queue', () => {
  it('is dead-lettered as one over its limit, by the queue it comes from, and on-call hears', async () => {
    const { run, broker, meter } = given();

    expect(await run(from(arnOf(orders)))).toEqual([]);

    expect(broker.republished).toMatchObject([
      {
        exchange: 'dead',
        properties: { message_id: 'event-sqs-1' },
        headers: { 'x-death': [{ reason: 'delivery_limit', queue: 'orders', count: 1 }] },
      },
    ]);
    expect(meter.counts).toEqual([
      ['MessagesNeverFinished', { queue: 'orders' }],
      ['MessagesNeverFinished', {}],
    ]);
  });

  it('is an exception where its queue has no dead-letter exchange', async () => {
    const { run, exceptions } = given();

    expect(await run(from(arnOf(mail)))).toEqual([]);

    expect(exceptions.opened).toMatchObject([
      { eventId: 'event-sqs-1', source: "queue 'mail' in vhost 'shop'", reason: 'delivery_limit', state: 'open' },
    ]);
  });

  it('is the same exception again when its function dies before SQS hears that it is done', async () => {
    const { run, exceptions } = given();

    await run(from(arnOf(mail)));
    await run(from(arnOf(mail)));

    const keys = exceptions.opened.map(({ eventId, source, contentDigest }) => [eventId, source, contentDigest]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toEqual(keys[1]);
  });

  it('stays when it is not stored elsewhere, and its neighbours go', async () => {
    const { run, meter } = given({ broker: new FakeBroker(refusedBy('dead'), stored('dead')) });

    expect(await run(from(arnOf(orders), 'one'), from(arnOf(orders), 'other'))).toEqual(['one']);
    expect(meter.counts).toHaveLength(2);
  });

  it('is an exception when it cannot be stored where it should go and SQS is about to delete it', async () => {
    const { run, exceptions, meter } = given({ broker: new FakeBroker(refusedBy('dead'), refusedBy('dead')) });
    const aged = (id: string, days: number) => {
      const record = from(arnOf(orders), id);
      const SentTimestamp = String(now.getTime() - days * 86_400_000);
      return { ...record, attributes: { ...record.attributes, SentTimestamp } };
    };

    expect(await run(aged('young', 12.9), aged('old', 13.1))).toEqual(['young']);

    expect(exceptions.opened).toMatchObject([
      { eventId: 'event-old', source: "queue 'orders'", reason: 'retention', error: { name: 'NotBuriedError' } },
    ]);
    expect(meter.counts).toEqual([]);
  });

  it('stays when nobody knows whose queue that is', async () => {
    const { run, broker } = given();

    expect(await run(from('arn:aws:sqs:eu-west-1:000000000000:warren-dev-other-dlq'))).toEqual(['sqs-1']);
    expect(broker.republished).toEqual([]);
  });

  it('goes as its record shows it when its envelope cannot be read', async () => {
    const { run, broker } = given();
    const record = { ...from(arnOf(orders)), messageAttributes: { amqp: { stringValue: '{', dataType: 'String' } } };

    expect(await run(record)).toEqual([]);
    expect(broker.republished).toMatchObject([{ payload: '{"n":1}', headers: { 'x-unreadable-envelope': '{' } }]);
  });

  it('is an exception, with what is left of it, when its body is gone', async () => {
    const { run, broker, exceptions } = given();
    const { claim } = claimOf(message());
    const { payload: _, payloadEncoding: __, ...rest } = message();

    expect(await run(recordOf(encodeMessage({ ...rest, claim }), { eventSourceARN: arnOf(orders) }))).toEqual([]);

    expect(broker.republished).toEqual([]);
    expect(exceptions.opened).toMatchObject([
      { reason: 'delivery_limit', error: { name: 'BodyMissingError' }, envelope: expect.stringContaining(claim.key) },
    ]);
  });
});
