import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { refusesOverflow } from '../../rabbitmq/publishing/overflow.ts';
import type { Queue } from '../../rabbitmq/topology.ts';

/**
 * A managed policy, into which CDK moves what is too long for an inline one, holds 6,144 characters (IAM, quotas); the rest of them is for
 * what else a function may do. Beyond, the app's own prefix stands for its queues.
 */
const mostCharacters = 3_600;
/** Of an ARN in a policy besides the queue's name: the longest partition and region, quotes and a comma. */
const arnCharacters = '"arn:aws-us-gov:sqs:ap-southeast-99:123456789012:",'.length;

/** By name, not by reference: a publisher may reach hundreds of queues, and each reference would be an export. */
export function grantPublish(fn: IFunction, queues: readonly Queue[], namePrefix: string): void {
  grant(fn, 'sqs:SendMessage', namesOf(queues, namePrefix), { namePrefix, room: mostCharacters });
}

/** Lets a publisher read how full the queues are that refuse what is over their length; of the others it need not know. */
export function grantReadDepth(fn: IFunction, queues: readonly Queue[], namePrefix: string): void {
  const room = mostCharacters - charactersOf(namesOf(queues, namePrefix));
  const names = namesOf(queues.filter(refusesOverflow), namePrefix);
  grant(fn, 'sqs:GetQueueAttributes', names, { namePrefix, room: room < 0 ? mostCharacters : room });
}

function grant(
  fn: IFunction,
  action: string,
  names: readonly string[],
  { namePrefix, room }: { readonly namePrefix: string; readonly room: number },
): void {
  if (names.length === 0) return;
  const isWide = charactersOf(names) > room;
  const all = `${namePrefix}-*`;
  if (isWide && fn.role) {
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${all}]`,
      reason: 'A policy cannot name hundreds of queues; the prefix is of this app and stage alone.',
    });
  }
  const resources = (isWide ? [all] : names).map((resource) => Stack.of(fn).formatArn({ service: 'sqs', resource }));
  fn.addToRolePolicy(new PolicyStatement({ actions: [action], resources }));
}

function namesOf(queues: readonly Queue[], namePrefix: string): string[] {
  return queues.filter(({ delayQueue }) => !delayQueue).map((queue) => sqsQueueName(namePrefix, queue));
}

function charactersOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + arnCharacters + name.length, 0);
}
