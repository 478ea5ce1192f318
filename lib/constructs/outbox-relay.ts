import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { FilterRule, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { followStream } from './follow-stream.ts';
import { NodeFunction } from './node-function.ts';
import { grantDelivery, type OutboxDeliveryProps, relayEnvironment } from './outbox-delivery.ts';

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
    followStream(this, {
      fn: this.fn,
      table: tables.rows,
      deadLetters,
      batchSize: config.batchSize,
      // The relay's own marks and TTL's deletions are changes of the table too.
      changes: [{ eventName: FilterRule.isEqual('INSERT') }],
      onCall,
      givenUp:
        'The outbox relay could not work for six hours, and the stream has given up the rows of that time. The sweep delivers them all the same, but perhaps out of order: look for what ails both in their logs.',
      late: {
        after: config.overdueAfter,
        impact: `Outbox rows are not relayed for ${config.overdueAfter.toMinutes()} minutes: what their orders have to tell is late.`,
      },
      runbook: '#the-outbox-does-not-deliver',
    });
  }
}
