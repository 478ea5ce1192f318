import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { alarmAbove } from './alarm-above.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { OnCall } from './on-call.ts';
import type { Runbook } from './runbook.ts';

export interface FollowStreamProps {
  readonly fn: LambdaFunction;
  /** The table whose stream is followed. */
  readonly table: ITable;
  /** Whose changes are told besides: those of the table it moves to. Default: none. */
  readonly also?: readonly ITable[];
  /** Where the stream says which changes it has given up. */
  readonly deadLetters: { readonly retention: Duration; readonly removalPolicy: RemovalPolicy };
  readonly batchSize: number;
  /** Default: a change is told at once. */
  readonly maxBatchingWindow?: Duration;
  /** Which changes are told, as patterns of an event filter. Default: all. */
  readonly changes?: readonly { readonly [key: string]: unknown }[];
  readonly onCall: OnCall;
  /** Who is hurt when changes of six hours were given up · when the function is this late. */
  readonly givenUp: string;
  readonly late: { readonly after: Duration; readonly impact: string };
  readonly runbook: Runbook;
}

/** Calls the function for the changes of a table, from its stream; on-call hears when it lags, or gives up. */
export function followStream(scope: Construct, props: FollowStreamProps) {
  const { fn, table, deadLetters, onCall, late, runbook } = props;
  const { queue } = new DeadLetterQueue(scope, 'DeadLetters', {
    ...deadLetters,
    onCall,
    impact: props.givenUp,
    runbook,
  });
  for (const one of [table, ...(props.also ?? [])]) {
    fn.addEventSource(
      new DynamoEventSource(one, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: props.batchSize,
        ...(props.maxBatchingWindow && { maxBatchingWindow: props.maxBatchingWindow }),
        // A change the function cannot survive is found, and given up by itself.
        bisectBatchOnError: true,
        maxRecordAge: Duration.hours(6),
        onFailure: new SqsDlq(queue),
        ...(props.changes && { filters: props.changes.map((change) => FilterCriteria.filter(change)) }),
      }),
    );
  }
  const lag = alarmAbove(scope, 'Lags', {
    metric: fn.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
    threshold: late.after.toMilliseconds(),
    impact: late.impact,
    runbook,
  });
  onCall.hearsOf(lag);
}
