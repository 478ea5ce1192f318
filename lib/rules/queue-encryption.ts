import type { Resource } from './app-resources.ts';
import { knownBoolean, shown } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * Messages are encrypted at rest, and the template says so: SQS's default covers new queues only.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
 */
export const queueEncryption = defineRule({
  id: 'Warren-QueueEncryption',
  subjects: (app) => app.queues,
  path: ({ path }) => path,
  refusals: [
    {
      condition: (queue) => !hasKey(queue) && !knownBoolean(queue, 'SqsManagedSseEnabled', false),
      problem: ({ properties }) =>
        `SqsManagedSseEnabled is ${shown(properties['SqsManagedSseEnabled'])} and KmsMasterKeyId is not set`,
      fix: () => 'set SqsManagedSseEnabled to true (QueueEncryption.SQS_MANAGED), or a KmsMasterKeyId',
    },
  ],
});

const hasKey = ({ properties }: Resource) => properties['KmsMasterKeyId'] !== undefined;
