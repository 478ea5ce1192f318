import { readFileSync } from 'node:fs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type BrokerEnv, brokerEnvSchema } from '../../lambdas/shared/broker/env.ts';
import { decodeMessage } from '../../lambdas/shared/broker/envelope.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { deploy } from '../../local/deploy.ts';
import { analyse } from '../../rabbitmq/analyse.ts';
import type { Message } from '../../rabbitmq/message.ts';
import { type NamedQueue, sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import type { Queue, Topology } from '../../rabbitmq/topology.ts';
import { readDeployment } from './deployment-file.ts';
import { invoke } from './invoke.ts';
import { takeMessages } from './take-messages.ts';
import { whole } from './whole-message.ts';

const outputsSchema = z.object({ PublishFunction: z.string(), QueueUrlBase: z.string() });

/** Somebody's definitions, deployed in an account of their own. */
export interface TopologyDeployment {
  /** As planned: its delay queues are marked. */
  readonly topology: Topology;
  readonly queues: readonly Queue[];
  /** Of all its stacks. */
  readonly outputs: Readonly<Record<string, string>>;
  /** For clients that look into the account. */
  readonly clientConfig: ReturnType<typeof clientConfig>;
  /** Through the `publish` function; its answer. */
  publish(request: object): Promise<unknown>;
  /** Takes the messages out of the queue, waiting for so many. */
  take(queue: NamedQueue, count: number, withinMs?: number): Promise<Message[]>;
  takeEventIds(queue: NamedQueue, count: number): Promise<string[]>;
  /** What a publisher's function is told about its deployment. */
  publisherEnvironment(): Promise<BrokerEnv>;
}

/** `project`: whose app deploys them, if it is not this one. */
export async function deployTopology(file: string, account: string, project?: string): Promise<TopologyDeployment> {
  const { endpoint } = readDeployment();
  const stacks = await deploy({ endpoint, account, stage: 'local', topology: file, project });
  const outputs: Record<string, string> = Object.assign({}, ...Object.values(stacks));
  const { PublishFunction, QueueUrlBase } = outputsSchema.parse(outputs);
  const config = clientConfig(endpoint, account);
  const lambda = new LambdaClient(config);
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const { topology, plan } = analyse(readFileSync(file));
  const url = (queue: NamedQueue): string => QueueUrlBase + sqsQueueName('warren-local', queue);
  // An emulator that was up before holds what an earlier run left.
  for (const { queue } of plan.queues) await sqs.send(new PurgeQueueCommand({ QueueUrl: url(queue) }));

  async function take(queue: NamedQueue, count: number, withinMs?: number): Promise<Message[]> {
    const messages = await takeMessages(sqs, url(queue), count, withinMs);
    return messages.map(({ Body = '', MessageAttributes, MessageId = '' }) =>
      whole(decodeMessage(Body, MessageAttributes?.['amqp']?.StringValue ?? '', MessageId)),
    );
  }

  return {
    topology,
    outputs,
    queues: plan.queues.map(({ queue }) => queue),
    clientConfig: config,
    async publish(request) {
      const { answer } = await invoke(lambda, PublishFunction, request);
      return answer;
    },
    take,
    takeEventIds: async (queue, count) => (await take(queue, count)).map(({ properties }) => properties.message_id),
    async publisherEnvironment() {
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: PublishFunction }));
      return brokerEnvSchema.parse(Environment?.Variables);
    },
  };
}
