import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { seededRandom } from '../../bin/warren/random.ts';
import { s3Client, schedulerClient, sqsClient } from '../../lambdas/shared/aws/clients.ts';
import { brokerEnvSchema } from '../../lambdas/shared/broker/env.ts';
import { createSqsBroker } from '../../lambdas/shared/broker/sqs-broker.ts';
import { createPublishing } from '../../lambdas/shared/publishing/publishing.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { analyse } from '../../rabbitmq/analyse.ts';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { noDelaysEnv } from '../support/no-delays.ts';
import { noOutbox } from '../support/no-outbox.ts';
import { takeMessages } from '../support/take-messages.ts';
import { type FaultName, type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** Exact counts of one run. */
export interface FaultRow {
  readonly fault: FaultName;
  readonly messages: number;
  /** SendMessageBatch calls, and how many of them were spoilt. */
  readonly calls: number;
  readonly injected: number;
  /** Publishes that ended in `unknown` or nack, and were published again with the same event id. */
  readonly again: number;
  readonly confirmed: number;
  /** Different event ids in the queue, and copies beyond one of each. */
  readonly stored: number;
  readonly duplicates: number;
  /** Confirmed and not in the queue. */
  readonly lost: number;
  /** Acked by an attempt in which SQS stored nothing; nacked by one in which it did. */
  readonly wrongAcks: number;
  readonly wrongNacks: number;
}

export interface FaultRun {
  /** The AWS to publish to; its queue is made, and deleted at the end. */
  readonly endpoint: string;
  readonly messages: number;
  /** Of which calls are spoilt. */
  readonly seed: number;
  /** Gives up then. */
  readonly mostRounds: number;
}

/** What stands in the queue counts, not what the publisher believes: publishes all messages until each is acked, then empties the queue. */
export async function publishUnderFault(fault: FaultName, run: FaultRun): Promise<FaultRow> {
  const env = brokerEnvSchema.parse({
    QUEUE_NAME_PREFIX: `faults-${randomUUID().slice(0, 8)}`,
    QUEUE_URL_BASE: `${run.endpoint}/000000000000/`,
    ...noDelaysEnv,
  });
  const queue = { vhost: '/', name: 'work' };
  const straight = new SQSClient(clientConfig(run.endpoint));
  const name = sqsQueueName(env.QUEUE_NAME_PREFIX, queue);
  const { QueueUrl = '' } = await straight.send(new CreateQueueCommand({ QueueName: name }));
  const proxy = await startFaultProxy({ target: run.endpoint, fault, random: seededRandom(run.seed) });
  try {
    const { topology } = analyse(JSON.stringify({ queues: [{ ...queue, durable: true }] }));
    const publish = createPublishing({
      outbox: noOutbox,
      broker: createSqsBroker({
        env,
        topology,
        sqs: sqsClient(clientConfig(proxy.url)),
        scheduler: schedulerClient(),
        s3: s3Client,
        meter: { count() {}, measure() {} },
        now: () => new Date(),
      }),
      newEventId: randomUUID,
      log: silent,
      meter: { count() {}, measure() {} },
    });
    const ids = Array.from({ length: run.messages }, (_, at) => `${env.QUEUE_NAME_PREFIX}-${at}`);
    const told = await publishUntilAcked(ids, publish, proxy, run.mostRounds);
    const copies = (await takeMessages(straight, QueueUrl, run.messages)).map(
      ({ MessageAttributes }) => JSON.parse(MessageAttributes?.['amqp']?.StringValue ?? '{}').properties.message_id,
    );
    const stored = new Set<string>(copies);
    return {
      fault,
      messages: run.messages,
      calls: proxy.sends(),
      injected: proxy.injected(),
      again: told.again,
      confirmed: told.acked.size,
      stored: stored.size,
      duplicates: copies.length - stored.size,
      lost: [...told.acked].filter((id) => !stored.has(id)).length,
      wrongAcks: told.wrongAcks,
      wrongNacks: told.wrongNacks,
    };
  } finally {
    await proxy.close();
    await straight.send(new DeleteQueueCommand({ QueueUrl }));
  }
}

async function publishUntilAcked(
  ids: readonly string[],
  publish: ReturnType<typeof createPublishing>,
  proxy: FaultProxy,
  mostRounds: number,
) {
  const acked = new Set<string>();
  const told = { acked, again: 0, wrongAcks: 0, wrongNacks: 0 };
  for (let round = 0; round < mostRounds && acked.size < ids.length; round++) {
    const open = ids.filter((id) => !acked.has(id));
    if (round > 0) told.again += open.length;
    const before = new Map(open.map((id) => [id, proxy.storedTimes(id)]));
    const { messages } = await publish({ messages: open.map(toWork) });
    const truths = messages.map(({ message_id, confirm }) => {
      const isStored = proxy.storedTimes(message_id) > (before.get(message_id) ?? 0);
      return { message_id, confirm, isStored };
    });
    for (const { message_id, confirm } of truths) if (confirm === 'ack') acked.add(message_id);
    told.wrongAcks += truths.filter(({ confirm, isStored }) => confirm === 'ack' && !isStored).length;
    told.wrongNacks += truths.filter(({ confirm, isStored }) => confirm === 'nack' && isStored).length;
  }
  return told;
}

function toWork(message_id: string) {
  return { exchange: '', routing_key: 'work', payload: 'x', properties: { message_id } };
}

const silent = { info() {}, warn() {}, error() {}, with: () => silent };
