import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/circuit-breaker/env.ts';
import type { Consumed } from '../functions/circuit-breaker.ts';
import { alarmAbove } from './alarm-above.ts';
import { alarmWithout } from './alarm-without.ts';
import type { Circuits } from './circuits.ts';
import { countedBy } from './counted-by.ts';
import { grantOnQueues } from './grant-on-queues.ts';
import { grantOnTable } from './grant-on-table.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';
import { runEvery } from './run-every.ts';

const folder = 'circuit-breaker';

export interface CircuitBreakerProps extends Omit<NodeFunctionProps, 'folder' | 'environment'> {
  readonly consumed: readonly Consumed[];
  readonly circuits: Circuits;
  readonly audit: ITable;
  /** `<app>-<stage>` */
  readonly namePrefix: string;
  readonly environment: Record<keyof Env, string>;
  readonly onCall: OnCall;
}

/** Once a minute: stops consumers whose circuit is open, probes, and lets them go on. On-call hears as long as one is open. */
export class CircuitBreaker extends Construct {
  readonly fn: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    { consumed, circuits, audit, namePrefix, onCall, ...props }: CircuitBreakerProps,
  ) {
    super(scope, id);
    const { fn } = new NodeFunction(this, 'Function', { ...props, folder });
    this.fn = fn;
    circuits.grantLookAfter(fn);
    grantOnTable(fn, audit, 'dynamodb:PutItem', 'dynamodb:Query');
    const sqsNames = consumed.map(({ plan }) => plan.sqsName);
    grantOnQueues(fn, { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], sqsNames, namePrefix });
    this.grantOnConsumers(consumed);
    runEvery(this, 'EveryMinute', fn, Duration.minutes(1));
    for (const ofOne of Map.groupBy(consumed, ({ consumer }) => consumer).values()) {
      for (const [at, one] of ofOne.entries()) this.addAlarm(one, at === 0, onCall);
    }
    const still = alarmWithout(this, 'Still', {
      metric: fn.metricInvocations({ period: Duration.minutes(5) }),
      periods: 2,
      impact:
        'The circuit breaker has not run for ten minutes: a consumer that it has stopped stays stopped, and one whose circuit is open is not stopped, so that its messages use up their receives. npx warren queues shows whose circuit is open.',
      runbook: '#a-circuit-is-open',
    });
    onCall.hearsOf(still);
    const fails = alarmAbove(this, 'Fails', {
      metric: fn.metricErrors({ period: Duration.minutes(15) }),
      threshold: 4,
      impact:
        'The circuit breaker fails again and again: a consumer that it has stopped may stay stopped when what it needs is back. npx warren queues shows it; npx warren resume lets it go on.',
      runbook: '#a-circuit-is-open',
    });
    onCall.hearsOf(fails);
  }

  private grantOnConsumers(consumed: readonly Consumed[]): void {
    const { fn } = this;
    // One function may consume several queues.
    const functions = [...new Set(consumed.map((one) => one.fn.functionArn))];
    const mappings = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'event-source-mapping',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    // CDK's own grant adds every version of a function, by wildcard.
    fn.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['lambda:ListEventSourceMappings'], resources: ['*'] }));
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:UpdateEventSourceMapping'],
        resources: [mappings],
        conditions: { ArnEquals: { 'lambda:FunctionArn': functions } },
      }),
    );
    if (!fn.role) return;
    Validations.of(fn.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'ListEventSourceMappings has no resources (service authorization reference): it changes nothing.',
    });
    Validations.of(fn.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:event-source-mapping:*]',
      reason: 'A mapping has a random id; the condition admits those of the consumers alone.',
    });
  }

  /** The id of a consumer's first queue is its only one's: logical ids that are deployed stay. */
  private addAlarm({ consumer, plan }: Consumed, isFirst: boolean, onCall: OnCall): void {
    const queue = plan.queue.name;
    const alarm = alarmAbove(this, isFirst ? `Open-${consumer}` : `Open-${consumer}-${queue}`, {
      metric: countedBy(folder, 'CircuitOpen', { queue }, Duration.minutes(2)),
      threshold: 0,
      impact: `The consumer ${consumer} takes no messages out of '${queue}': what it needs is down. They wait, and lose no tries. It goes on by itself when one message gets through.`,
      runbook: '#a-circuit-is-open',
    });
    onCall.hearsOf(alarm);
  }
}
