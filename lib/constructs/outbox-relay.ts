import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { alarmAbove } from './alarm-above.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { NodeFunction } from './node-function.ts';
import { grantDelivery, type OutboxDeliveryProps, relayEnvironment } from './outbox-delivery.ts';

const runbook = '#the-outbox-does-not-deliver';

export interface OutboxRelayProps extends OutboxDeliveryProps {
  /** Where the stream says which rows it has given up. */
  readonly deadLetters: { readonly retention: Duration; readonly removalPolicy: RemovalPolicy };
}

/** Publishes the rows that are put into the outbox table, from its stream; on-call hears when it lags, or gives up. */
export class OutboxRelay extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: OutboxRelayProps) {
    super(scope, id);
    const { tables, config, deadLetters, brokerEnvironment: _, onCall, ...size } = props;
    this.fn = new NodeFunction(this, 'Function', {
      ...size,
      folder: 'outbox-relay',
      environment: relayEnvironment(props),
    }).fn;
    grantDelivery(this.fn, tables);
    const { queue } = new DeadLetterQueue(this, 'DeadLetters', {
      ...deadLetters,
      onCall,
      impact:
        'The outbox relay could not work for six hours, and the stream has given up the rows of that time. The sweep delivers them all the same, but perhaps out of order: look for what ails both in their logs.',
      runbook,
    });
    this.fn.addEventSource(
      new DynamoEventSource(tables.rows, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: config.batchSize,
        // A row the relay cannot survive is found, and given up by itself.
        bisectBatchOnError: true,
        maxRecordAge: Duration.hours(6),
        onFailure: new SqsDlq(queue),
        // The relay's own marks and TTL's deletions are changes of the table too.
        filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
      }),
    );
    const lag = alarmAbove(this, 'Lags', {
      metric: this.fn.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
      threshold: config.overdueAfter.toMilliseconds(),
      impact: `Outbox rows are not relayed for ${config.overdueAfter.toMinutes()} minutes: what their orders have to tell is late.`,
      runbook,
    });
    onCall.hearsOf(lag);
  }
}
