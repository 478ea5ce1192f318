import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type NamedQueue, sqsQueueName } from '../../../rabbitmq/plan/queue-name.ts';
import type { Topology } from '../../../rabbitmq/topology.ts';
import { type Broker, createBroker, type Publisher } from './broker.ts';
import type { BrokerEnv } from './env.ts';
import { createSqsQueueSender } from './queue-sender.ts';

/** The URL of a queue follows from its name, so no function needs a variable per queue. */
export function queueUrls(env: BrokerEnv): (queue: NamedQueue) => string {
  return (queue) => env.QUEUE_URL_BASE + sqsQueueName(env.QUEUE_NAME_PREFIX, queue);
}

export interface SqsBrokerDeps {
  readonly env: BrokerEnv;
  readonly topology: Topology;
  readonly sqs: SQSClient;
  readonly now: () => Date;
}

/** The broker on real SQS queues. */
export function createSqsBroker({ env, topology, sqs, now }: SqsBrokerDeps): Broker & Publisher {
  const sender = createSqsQueueSender({ sqs, maxAttempts: 3, sleep, random: Math.random });
  return createBroker({ topology, queueUrl: queueUrls(env), sender, now, random: Math.random });
}
