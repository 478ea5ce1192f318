import { deadLetterQueueName, sqsQueueName } from '../../../rabbitmq/plan/queue-name.ts';
import type { Queue, Topology } from '../../../rabbitmq/topology.ts';

/** Which queue an SQS dead-letter queue belongs to, by its ARN: the names are computed, as synth computes them. */
export function queuesByDeadLetterQueue(
  { queues }: Topology,
  namePrefix: string,
): (deadLetterQueueArn: string) => Queue | undefined {
  const byName = new Map(queues.map((queue) => [deadLetterQueueName(sqsQueueName(namePrefix, queue)), queue]));
  return (arn) => byName.get(arn.split(':').at(-1) ?? '');
}
