import { knownNumber, shown } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * Every queue that is not a dead-letter queue has one of its own. Without it a message that can never be handled is delivered until its
 * retention ends, then deleted. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export const redrivePolicy = defineRule({
  id: 'Warren-RedrivePolicy',
  subjects: ({ queues, deadLetterQueues, redrives }) =>
    queues.map((queue) => ({
      queue,
      isDeadLetterQueue: deadLetterQueues.has(queue),
      redrive: redrives.find(({ source }) => source === queue),
    })),
  path: ({ queue }) => queue.path,
  refusals: [
    {
      condition: ({ isDeadLetterQueue, redrive }) => !isDeadLetterQueue && redrive === undefined,
      problem: () => 'RedrivePolicy is not set, and no resource of this app uses the queue as its dead-letter queue',
      fix: () => 'give it a dead-letter queue of its own, with maxReceiveCount one more than the delivery limit',
    },
    {
      condition: ({ redrive }) => redrive !== undefined && redrive.deadLetterQueue === undefined,
      problem: ({ queue }) =>
        `the dead-letter queue in RedrivePolicy ${shown(queue.properties['RedrivePolicy'])} is not known at synth`,
      fix: () =>
        'name a dead-letter queue that this app creates, and pass the queue itself rather than a parameter or an imported ARN',
    },
  ],
});

/**
 * One receive is no retry: a crash of Lambda, not of the message, would dead-letter it. AWS asks for five or more, RabbitMQ's delivery
 * limit N is maxReceiveCount N + 1. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const maxReceiveCount = defineRule({
  id: 'Warren-MaxReceiveCount',
  subjects: (app) => app.redrives,
  path: ({ source }) => source.path,
  refusals: [
    {
      condition: ({ source }) => knownNumber(source, 'RedrivePolicy.maxReceiveCount') < 2,
      problem: ({ source }) =>
        `maxReceiveCount is ${knownNumber(source, 'RedrivePolicy.maxReceiveCount')}, so a message is never tried a second time`,
      fix: () => 'set maxReceiveCount to at least 2 (the delivery limit plus one)',
    },
  ],
});
