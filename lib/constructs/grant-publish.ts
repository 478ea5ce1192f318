import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import type { Queue } from '../../rabbitmq/topology.ts';

/** An inline policy holds 10,240 characters (IAM, quotas): beyond so many ARNs the app's own prefix stands for its queues. */
const mostNamedQueues = 80;

/** By name, not by reference: a publisher may reach hundreds of queues, and each reference would be an export. */
export function grantPublish(fn: IFunction, queues: readonly Queue[], namePrefix: string): void {
  const names = queues.filter(({ delayQueue }) => !delayQueue).map((queue) => sqsQueueName(namePrefix, queue));
  if (names.length === 0) return;
  const isWide = names.length > mostNamedQueues;
  const all = `${namePrefix}-*`;
  if (isWide && fn.role) {
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${all}]`,
      reason: 'A policy cannot name hundreds of queues; the prefix is of this app and stage alone.',
    });
  }
  const resources = (isWide ? [all] : names).map((resource) => Stack.of(fn).formatArn({ service: 'sqs', resource }));
  fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources }));
}
