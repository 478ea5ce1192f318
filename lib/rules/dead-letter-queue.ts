import type { Redrive } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { knownBoolean } from './properties.ts';
import { defineRule } from './rule.ts';

/** Native redrive empties a dead-letter queue as a whole, and its alarm names one queue: two sources would hide behind each other. */
export const oneSourceQueue = defineRule({
  id: 'Warren-OneSourceQueue',
  subjects: (app) => [...Map.groupBy(app.redrives, ({ deadLetterQueue }) => deadLetterQueue)].flatMap(sharedBy),
  path: ({ deadLetterQueue }) => deadLetterQueue.path,
  refusals: [
    {
      condition: ({ sources }) => sources.length > 1,
      problem: ({ sources }) => `it is the dead-letter queue of ${sources.length} queues: ${sources.join(', ')}`,
      fix: () => 'give each source queue a dead-letter queue of its own',
    },
  ],
});

function sharedBy([deadLetterQueue, redrives]: [Resource | undefined, Redrive[]]) {
  return deadLetterQueue === undefined ? [] : [{ deadLetterQueue, sources: redrives.map(({ source }) => source.path) }];
}

/**
 * SQS accepts only a FIFO dead-letter queue for a FIFO queue, and a standard one for a standard queue; CloudFormation would say so, halfway
 * through a deployment. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export const deadLetterQueueType = defineRule({
  id: 'Warren-DeadLetterQueueType',
  subjects: (app) =>
    app.redrives.flatMap(({ source, deadLetterQueue }) => (deadLetterQueue ? [{ source, deadLetterQueue }] : [])),
  path: ({ deadLetterQueue }) => deadLetterQueue.path,
  refusals: [
    {
      condition: ({ source, deadLetterQueue }) => isFifo(source) !== isFifo(deadLetterQueue),
      problem: ({ source, deadLetterQueue }) =>
        `it is ${typeOf(deadLetterQueue)}, but its source queue ${source.path} is ${typeOf(source)}`,
      fix: ({ source }) =>
        `make the dead-letter queue ${typeOf(source)} (FifoQueue ${isFifo(source) ? 'true' : 'not set'})`,
    },
  ],
});

const isFifo = (queue: Resource) => knownBoolean(queue, 'FifoQueue', false);
const typeOf = (queue: Resource) => (isFifo(queue) ? 'FIFO' : 'standard');
