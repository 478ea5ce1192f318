import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createSqsBroker } from '../../lambdas/shared/broker/sqs-broker.ts';
import type { Message } from '../../rabbitmq/message.ts';
import { deployTopology, type TopologyDeployment } from '../support/topology-deployment.ts';

const work = { vhost: '/', name: 'work' };
const late = { vhost: '/', name: 'late' };
const inOrder = { vhost: '/', name: 'in-order', singleActiveConsumer: true };
const minutes45 = 45 * 60_000;

const byHeader = { exchange: 'later', routing_key: 'late', headers: { 'x-delay': minutes45 } };
const byQueue = { exchange: '', routing_key: 'wait-45-minutes', headers: {} };

const run = randomUUID();
const [lateByHeader, lateByQueue] = [`${run}-1`, `${run}-2`];

let deployed: TopologyDeployment;
let lateConfirms: string[];

beforeAll(async () => {
  deployed = await deployTopology(path.join(import.meta.dirname, 'fixtures/delays.json'), '000000000110');
  // They take a minute, in which the other tests run; the last one takes them.
  lateConfirms = await publishLate();
}, 120_000);

/** Publishes two messages twice, by a publisher whose clock is slow: its schedules fire in seconds, as those of 44 minutes ago would. */
async function publishLate(): Promise<string[]> {
  const slow = minutes45 - 63_000;
  const broker = createSqsBroker({
    env: await deployed.publisherEnvironment(),
    topology: deployed.topology,
    sqs: new SQSClient({ ...deployed.clientConfig, useQueueUrlAsEndpoint: false }),
    scheduler: new SchedulerClient(deployed.clientConfig),
    s3: async () => new S3Client(deployed.clientConfig),
    meter: { count() {}, measure() {} },
    now: () => new Date(Date.now() - slow),
  });
  const toLate = ({ exchange, routing_key, headers }: typeof byHeader | typeof byQueue, eventId: string): Message => ({
    vhost: '/',
    exchange,
    routingKeys: [routing_key],
    headers,
    properties: { message_id: eventId },
    payload: 'late',
    payloadEncoding: 'string',
  });
  const messages = [toLate(byHeader, lateByHeader), toLate(byQueue, lateByQueue)];
  const published = [...(await broker.publish(messages)), ...(await broker.publish(messages))];
  return published.map(({ confirm }) => confirm);
}

const deathsOf = ({ headers }: Message) => headers['x-death'];

/** Publishes one message; when that was, and its event id. */
async function publish(message: object): Promise<{ at: number; eventId: string; answer: unknown }> {
  const eventId = randomUUID();
  const at = Date.now();
  const properties = { message_id: eventId };
  const answer = await deployed.publish({ messages: [{ payload: '{}', properties, ...message }] });
  return { at, eventId, answer };
}

it('a message with a delay of 5 seconds arrives once, and not before', async () => {
  const { at, eventId } = await publish({ exchange: '', routing_key: 'work', delay: 5_000 });

  const arrived = await deployed.take(work, 1);

  expect(Date.now() - at).toBeGreaterThanOrEqual(5_000);
  expect(arrived.map(({ properties }) => properties.message_id)).toEqual([eventId]);
  expect(arrived.map(deathsOf)).toEqual([undefined]);
});

it('a message that goes through three delay queues arrives once, with the death it had in each', async () => {
  const { at, eventId } = await publish({ exchange: '', routing_key: 'wait-1' });

  const arrived = await deployed.take(work, 1);

  expect(Date.now() - at).toBeGreaterThanOrEqual(3_500);
  expect(arrived.map(({ properties }) => properties.message_id)).toEqual([eventId]);
  const death = { reason: 'expired', count: 1, exchange: '' };
  expect(arrived.map(deathsOf)).toMatchObject([
    [
      { ...death, queue: 'wait-3', 'routing-keys': ['wait-3'] },
      { ...death, queue: 'wait-2', 'routing-keys': ['wait-2'] },
      { ...death, queue: 'wait-1', 'routing-keys': ['wait-1'] },
    ],
  ]);
});

it('a delayed message arrives in a FIFO queue once, with its death', async () => {
  const { at, eventId } = await publish({ exchange: '', routing_key: 'wait-in-order' });

  const arrived = await deployed.take(inOrder, 1, 30_000);

  expect(Date.now() - at).toBeGreaterThanOrEqual(3_000);
  expect(arrived.map(({ properties }) => properties.message_id)).toEqual([eventId]);
  expect(arrived.map(deathsOf)).toMatchObject([[{ queue: 'wait-in-order', reason: 'expired', count: 1 }]]);
});

it.each([
  ['x-delay', byHeader],
  ['a delay queue', byQueue],
])('a delay of 45 minutes by %s is asked of EventBridge Scheduler, a minute early', async (_, message) => {
  const { at, answer } = await publish(message);

  const stored = { confirm: 'ack', queues: [{ outcome: 'stored', schedule: expect.any(String) }] };
  expect(answer).toMatchObject({ messages: [stored] });
  const { SCHEDULE_GROUP, DELAYED_QUEUE_ARN } = await deployed.publisherEnvironment();
  const [
    {
      queues: [{ schedule: Name = '' } = {}],
    } = { queues: [] },
  ] = (answer as Answer).messages;
  const scheduler = new SchedulerClient(deployed.clientConfig);
  const found = await scheduler.send(new GetScheduleCommand({ Name, GroupName: SCHEDULE_GROUP }));
  const fires = Date.parse(`${/^at\((.*)\)$/.exec(found.ScheduleExpression ?? '')?.[1]}Z`);
  expect(Math.abs(fires - (at + minutes45 - 60_000))).toBeLessThan(10_000);
  expect(found).toMatchObject({ ActionAfterCompletion: 'DELETE', Target: { Arn: DELAYED_QUEUE_ARN } });
});

it('messages that waited for 45 minutes arrive once, with the deaths of their delay queues', async () => {
  const arrived = await deployed.take(late, 2, 110_000);

  expect(lateConfirms).toEqual(['ack', 'ack', 'ack', 'ack']);
  const summary = arrived.map((message) => [message.properties.message_id, deathsOf(message)]);
  expect(summary.sort()).toEqual([
    [lateByHeader, undefined],
    [lateByQueue, [expect.objectContaining({ queue: 'wait-45-minutes', reason: 'expired', count: 1 })]],
  ]);
}, 120_000);

interface Answer {
  readonly messages: readonly { readonly queues: readonly { readonly schedule?: string }[] }[];
}
