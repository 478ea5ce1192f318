import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env, SweptQueue } from '../../lambdas/retention-sweep/env.ts';
import { alarmAbove } from './alarm-above.ts';
import type { Exceptions } from './exceptions.ts';
import { grantOnQueues } from './grant-on-queues.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';
import { runEvery } from './run-every.ts';

const folder = 'retention-sweep';

export interface RetentionSweepProps extends Omit<NodeFunctionProps, 'folder' | 'environment' | 'files'> {
  readonly queues: readonly SweptQueue[];
  /** `<app>-<stage>` */
  readonly namePrefix: string;
  readonly exceptions: Exceptions;
  readonly environment: Record<keyof Env, string>;
  readonly onCall: OnCall;
}

/** Once an hour, makes exceptions of messages that SQS would soon delete; on-call hears when the sweep fails. */
export class RetentionSweep extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, { queues, namePrefix, exceptions, onCall, ...props }: RetentionSweepProps) {
    super(scope, id);
    // A thousand queues are more than an environment takes (4 KB: Lambda, quotas).
    const { fn } = new NodeFunction(this, 'Function', { ...props, folder, files: { 'swept-queues.json': queues } });
    this.fn = fn;
    grantOnQueues(fn, {
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      sqsNames: queues.map(({ sqsName }) => sqsName),
      namePrefix,
    });
    exceptions.grantOpen(fn);
    this.grantReadMetrics(fn);
    runEvery(this, 'EveryHour', fn, Duration.hours(1));
    const fails = alarmAbove(this, 'Fails', {
      metric: fn.metricErrors({ period: Duration.hours(6) }),
      threshold: 2,
      impact:
        'The retention sweep fails again and again: messages that wait too long may be deleted by SQS before they are exceptions. Its log names the queues; look there before their retention is over.',
      runbook: '#the-retention-sweep-fails',
    });
    onCall.hearsOf(fails);
  }

  private grantReadMetrics(fn: LambdaFunction): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    if (!fn.role) return;
    Validations.of(fn.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'GetMetricData has no resources (service authorization reference): it reads numbers, and changes nothing.',
    });
  }
}
