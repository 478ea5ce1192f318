import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * A managed policy, into which CDK moves what is too long for an inline one, holds 6,144 characters (IAM, quotas); the rest of them is for
 * what else a function may do. Beyond, the app's own prefix stands for its queues.
 */
export const mostCharacters = 3_600;
/** Of an ARN in a policy besides the queue's name: the longest partition and region, quotes and a comma. */
const arnCharacters = '"arn:aws-us-gov:sqs:ap-southeast-99:123456789012:",'.length;

export interface GrantOnQueuesProps {
  readonly actions: readonly `sqs:${string}`[];
  readonly sqsNames: readonly string[];
  /** `<app>-<stage>` */
  readonly namePrefix: string;
  /** Characters the names may take. Default: `mostCharacters`. */
  readonly room?: number;
}

/** By name, not by reference: there may be hundreds of queues, and each reference would be an export. */
export function grantOnQueues(
  fn: IFunction,
  { actions, sqsNames, namePrefix, room = mostCharacters }: GrantOnQueuesProps,
): void {
  if (sqsNames.length === 0) return;
  const isWide = charactersOf(sqsNames) > room;
  const all = `${namePrefix}-*`;
  if (isWide && fn.role) {
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${all}]`,
      reason: 'A policy cannot name hundreds of queues; the prefix is of this app and stage alone.',
    });
  }
  const resources = (isWide ? [all] : sqsNames).map((resource) => Stack.of(fn).formatArn({ service: 'sqs', resource }));
  fn.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources }));
}

/** That the ARNs of the queues take in a policy. */
export function charactersOf(sqsNames: readonly string[]): number {
  return sqsNames.reduce((sum, name) => sum + arnCharacters + name.length, 0);
}
