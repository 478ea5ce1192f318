import { type AppModel, queueIn } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { at } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * A queue policy denies everybody everything without TLS.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html#enforce-encryption-data-in-transit
 */
export const queueTls = defineRule({
  id: 'Warren-QueueTls',
  subjects: (app) => {
    const tlsOnly = tlsOnlyQueues(app);
    return app.queues.map((queue) => ({ queue, tlsOnly: tlsOnly.has(queue) }));
  },
  path: ({ queue }) => queue.path,
  refusals: [
    {
      condition: ({ tlsOnly }) => !tlsOnly,
      problem: () => 'no queue policy denies sqs:* to everybody when aws:SecureTransport is false',
      fix: () => 'set enforceSSL: true, or add that Deny statement to the queue policy',
    },
  ],
});

function tlsOnlyQueues({ resources }: AppModel): Set<Resource> {
  const policies = resources.ofType('AWS::SQS::QueuePolicy', 'AWS::SQS::QueueInlinePolicy').filter(demandsTls);
  return new Set(
    policies.flatMap((policy) =>
      [...at(policy.properties, 'Queues'), ...at(policy.properties, 'Queue')].flatMap(
        (queue) => queueIn(resources, queue, policy) ?? [],
      ),
    ),
  );
}

function demandsTls({ properties }: Resource): boolean {
  return at(properties, 'PolicyDocument', 'Statement').some(
    (statement) =>
      at(statement, 'Effect')[0] === 'Deny' &&
      [...at(statement, 'Principal'), ...at(statement, 'Principal', 'AWS')].includes('*') &&
      at(statement, 'Action').some((action) => action === 'sqs:*' || action === '*') &&
      at(statement, 'Condition', 'Bool', 'aws:SecureTransport').some((value) => value === 'false' || value === false),
  );
}
