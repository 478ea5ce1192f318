import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { alarmAbove } from './alarm-above.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { NodeFunction } from './node-function.ts';
import { grantNotices, type NoticesProps, noticesEnvironment } from './notices.ts';

const runbook = '#on-call-may-be-deaf';

export interface ExceptionNoticesProps extends NoticesProps {
  /** Where the stream says which rows it has given up. */
  readonly deadLetters: { readonly retention: Duration; readonly removalPolicy: RemovalPolicy };
}

/** Tells on-call of rows that begin to wait, one notice per fingerprint and window, from the exceptions table's stream. */
export class ExceptionNotices extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: ExceptionNoticesProps) {
    super(scope, id);
    const { stage: _, notices: __, exceptions, onCall, config, deadLetters, ...size } = props;
    this.fn = new NodeFunction(this, 'Function', {
      ...size,
      folder: 'exception-notices',
      environment: noticesEnvironment(props),
    }).fn;
    grantNotices(this.fn, props);
    const { queue } = new DeadLetterQueue(this, 'DeadLetters', {
      ...deadLetters,
      onCall,
      impact:
        'Exceptions of six hours were not noticed, and their stream has given them up: nobody was told of them. They are in the exceptions table: npx warren exceptions list.',
      runbook,
    });
    const opens = { NewImage: { state: { S: FilterRule.isEqual('open') } } };
    this.fn.addEventSource(
      new DynamoEventSource(exceptions.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 1000,
        // A failure seldom comes alone: the first notice of a kind then says how many.
        maxBatchingWindow: config.onCall.gatherFor,
        bisectBatchOnError: true,
        maxRecordAge: Duration.hours(6),
        onFailure: new SqsDlq(queue),
        // A pattern says nothing of an image that is not there: new rows and changed ones are two.
        filters: [
          FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT'), dynamodb: opens }),
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('MODIFY'),
            dynamodb: { ...opens, OldImage: { state: { S: FilterRule.notEquals('open') } } },
          }),
        ],
      }),
    );
    const lag = alarmAbove(this, 'Lags', {
      metric: this.fn.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
      threshold: config.onCall.lateAfter.toMilliseconds(),
      impact: `Exceptions are not noticed for ${config.onCall.lateAfter.toMinutes()} minutes: on-call is not told of messages that wait for somebody. They are in the exceptions table: npx warren exceptions list.`,
      runbook,
    });
    onCall.hearsOf(lag);
  }
}
