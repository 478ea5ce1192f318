import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { refusesOverflow } from '../../rabbitmq/publishing/overflow.ts';
import type { Queue } from '../../rabbitmq/topology.ts';
import { charactersOf, grantOnQueues, mostCharacters } from './grant-on-queues.ts';

/** By name, not by reference: a publisher may reach hundreds of queues, and each reference would be an export. */
export function grantPublish(fn: IFunction, queues: readonly Queue[], namePrefix: string): void {
  grantOnQueues(fn, { actions: ['sqs:SendMessage'], sqsNames: namesOf(queues, namePrefix), namePrefix });
}

/** Lets a publisher read how full the queues are that refuse what is over their length; of the others it need not know. */
export function grantReadDepth(fn: IFunction, queues: readonly Queue[], namePrefix: string): void {
  const room = mostCharacters - charactersOf(namesOf(queues, namePrefix));
  const sqsNames = namesOf(queues.filter(refusesOverflow), namePrefix);
  grantOnQueues(fn, {
    actions: ['sqs:GetQueueAttributes'],
    sqsNames,
    namePrefix,
    room: room < 0 ? mostCharacters : room,
  });
}

function namesOf(queues: readonly Queue[], namePrefix: string): string[] {
  return queues.filter(({ delayQueue }) => !delayQueue).map((queue) => sqsQueueName(namePrefix, queue));
}
