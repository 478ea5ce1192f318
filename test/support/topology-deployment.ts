import { readFileSync } from 'node:fs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { clientConfig } from '../../local/aws-environment.ts';
import { deploy } from '../../local/deploy.ts';
import { analyse } from '../../rabbitmq/analyse.ts';
import { type NamedQueue, sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import type { Queue, Topology } from '../../rabbitmq/topology.ts';
import { invoke } from './invoke.ts';
import { takeMessages } from './take-messages.ts';
import { deploymentFile } from './test-deployment.ts';

const outputsSchema = z.object({ PublishFunction: z.string(), QueueUrlBase: z.string() });

/** Somebody's definitions, deployed in an account of their own. */
export interface TopologyDeployment {
  /** As planned: its delay queues are marked. */
  readonly topology: Topology;
  readonly queues: readonly Queue[];
  /** Through the `publish` function; its answer. */
  publish(request: object): Promise<unknown>;
  /** Takes the messages out of the queue, waiting for so many; their event ids. */
  takeEventIds(queue: NamedQueue, count: number): Promise<string[]>;
}

export async function deployTopology(file: string, account: string): Promise<TopologyDeployment> {
  const { endpoint } = z.object({ endpoint: z.string() }).parse(JSON.parse(readFileSync(deploymentFile, 'utf8')));
  const stacks = await deploy({ endpoint, account, stage: 'local', topology: file });
  const { PublishFunction, QueueUrlBase } = outputsSchema.parse(Object.assign({}, ...Object.values(stacks)));
  const config = clientConfig(endpoint, account);
  const lambda = new LambdaClient(config);
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const { topology, plan } = analyse(readFileSync(file));
  const url = (queue: NamedQueue): string => QueueUrlBase + sqsQueueName('warren-local', queue);
  // An emulator that was up before holds what an earlier run left.
  for (const { queue } of plan.queues) await sqs.send(new PurgeQueueCommand({ QueueUrl: url(queue) }));
  return {
    topology,
    queues: plan.queues.map(({ queue }) => queue),
    async publish(request) {
      const { answer } = await invoke(lambda, PublishFunction, request);
      return answer;
    },
    async takeEventIds(queue, count) {
      const messages = await takeMessages(sqs, url(queue), count);
      return messages.map(
        ({ MessageAttributes }) => JSON.parse(MessageAttributes?.['amqp']?.StringValue ?? '').properties.message_id,
      );
    },
  };
}
