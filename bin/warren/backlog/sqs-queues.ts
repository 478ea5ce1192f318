import {
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  paginateListQueues,
  type QueueAttributeName,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { z } from 'zod';
import { asked } from '../stage/asked.ts';
import { addressOfTags } from './queue-tags.ts';
import { type DeployedQueue, type Depth, type Queues, totalOf } from './stage.ts';

/** Calls at once: a thousand queues take some seconds, and SQS throttles nobody. */
const concurrency = 20;

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const satisfies readonly QueueAttributeName[];
const described = [...counts, 'QueueArn', 'RedrivePolicy', 'MessageRetentionPeriod'] as const;

/** The tag that every resource of a stage has. */
const stageTag = 'warren:stage';

interface Described {
  readonly url: string;
  readonly sqsName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The queues that are tagged with the stage: what is deployed, whatever definitions lie on this machine. */
export function createSqsQueues(sqs: SQSClient, stage: string): Queues {
  return {
    async list() {
      const all = await pMap(await listed(), describe, { concurrency });
      return sourcesAmong(all.filter(({ tags }) => tags[stageTag] === stage));
    },
    depth: async ({ url }) => depthOf(await attributesOf(url, counts)),
  };

  async function listed(): Promise<string[]> {
    const found: string[] = [];
    await asked('sqs:ListQueues', async () => {
      const prefix = { QueueNamePrefix: `warren-${stage}-`, MaxResults: 1000 };
      for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, prefix)) found.push(...QueueUrls);
    });
    return found;
  }

  async function describe(url: string): Promise<Described> {
    const [attributes, { Tags = {} }] = await Promise.all([
      attributesOf(url, described),
      asked('sqs:ListQueueTags', () => sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))),
    ]);
    return { url, sqsName: nameOf(url), tags: Tags, attributes };
  }

  async function attributesOf(QueueUrl: string, AttributeNames: readonly QueueAttributeName[]) {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes = {} } = await asked('sqs:GetQueueAttributes', () => sqs.send(command));
    return Attributes;
  }
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function depthOf(attributes: Readonly<Record<string, string>>): Depth {
  const [visible = 0, inFlight = 0, delayed = 0] = counts.map((name) => Number(attributes[name]));
  return { visible, inFlight, delayed };
}

const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

function sourcesAmong(all: readonly Described[]): DeployedQueue[] {
  const byArn = new Map(all.map((one) => [one.attributes['QueueArn'] ?? '', one]));
  const targets = new Map(all.map((one) => [one, byArn.get(redriveTarget(one) ?? '')]));
  const served = new Set(targets.values());
  return all.filter((one) => !served.has(one)).map((one) => toQueue(one, targets.get(one)));
}

function redriveTarget({ attributes: { RedrivePolicy } }: Described): string | undefined {
  return RedrivePolicy === undefined ? undefined : redriveSchema.parse(JSON.parse(RedrivePolicy)).deadLetterTargetArn;
}

function toQueue({ url, sqsName, tags, attributes }: Described, deadLetters: Described | undefined): DeployedQueue {
  return {
    address: addressOfTags(tags),
    url,
    sqsName,
    arn: attributes['QueueArn'] ?? '',
    isFifo: sqsName.endsWith('.fifo'),
    retentionSeconds: Number(attributes['MessageRetentionPeriod']),
    depth: depthOf(attributes),
    ...(deadLetters && {
      deadLetters: { sqsName: deadLetters.sqsName, count: totalOf(depthOf(deadLetters.attributes)) },
    }),
  };
}
