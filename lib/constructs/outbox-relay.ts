import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/outbox-relay/env.ts';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import type { Config } from '../config.ts';
import { alarmAbove } from './alarm-above.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';

export interface OutboxRelayProps extends Omit<NodeFunctionProps, 'folder' | 'environment'> {
  readonly outbox: TableV2;
  readonly config: Config['outbox'];
  /** Where the rows go that could not be relayed. */
  readonly deadLetters: { readonly retention: Duration; readonly removalPolicy: RemovalPolicy };
  readonly brokerEnvironment: Record<keyof BrokerEnv, string>;
  readonly onCall: OnCall;
}

/** Publishes the rows that are put into the outbox table, from its stream; on-call hears when it lags or gives up. */
export class OutboxRelay extends Construct {
  readonly fn: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    { outbox, config, deadLetters, brokerEnvironment, onCall, ...props }: OutboxRelayProps,
  ) {
    super(scope, id);
    const environment: Record<keyof Env, string> = {
      ...brokerEnvironment,
      OUTBOX_TABLE: outbox.tableName,
      OUTBOX_KEEP_SECONDS: String(config.keepRelayed.toSeconds()),
    };
    this.fn = new NodeFunction(this, 'Function', { ...props, folder: 'outbox-relay', environment }).fn;
    outbox.grant(this.fn, 'dynamodb:UpdateItem');
    const { queue } = new DeadLetterQueue(this, 'DeadLetters', {
      ...deadLetters,
      onCall,
      impact:
        'Outbox rows were not relayed for six hours: what their orders have to tell is not told. The rows are in the outbox table.',
    });
    this.fn.addEventSource(
      new DynamoEventSource(outbox, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: config.batchSize,
        bisectBatchOnError: true,
        // A row that cannot be relayed holds up its shard: not for the 24 hours the stream lasts, while others behind it age out.
        maxRecordAge: Duration.hours(6),
        onFailure: new SqsDlq(queue),
        // The relay's own marks and TTL's deletions are changes of the table too.
        filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
      }),
    );
    const lag = alarmAbove(this, 'Lags', {
      metric: this.fn.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
      threshold: Duration.minutes(15).toMilliseconds(),
      impact: 'Outbox rows are not relayed for 15 minutes: what their orders have to tell is late.',
    });
    onCall.hearsOf(lag);
  }
}
