import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { FilterRule, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { followStream } from './follow-stream.ts';
import { NodeFunction } from './node-function.ts';
import { grantNotices, type NoticesProps, noticesEnvironment } from './notices.ts';

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
    const opens = { NewImage: { state: { S: FilterRule.isEqual('open') } } };
    followStream(this, {
      fn: this.fn,
      table: exceptions.table,
      deadLetters,
      batchSize: 1000,
      // A failure seldom comes alone: the first notice of a kind then says how many.
      maxBatchingWindow: config.onCall.gatherFor,
      // A pattern says nothing of an image that is not there: new rows and changed ones are two.
      changes: [
        { eventName: FilterRule.isEqual('INSERT'), dynamodb: opens },
        {
          eventName: FilterRule.isEqual('MODIFY'),
          dynamodb: { ...opens, OldImage: { state: { S: FilterRule.notEquals('open') } } },
        },
      ],
      onCall,
      givenUp:
        'Exceptions of six hours were not noticed, and their stream has given them up: nobody was told of them. They are in the exceptions table: npx warren exceptions list.',
      late: {
        after: config.onCall.lateAfter,
        impact: `Exceptions are not noticed for ${config.onCall.lateAfter.toMinutes()} minutes: on-call is not told of messages that wait for somebody. They are in the exceptions table: npx warren exceptions list.`,
      },
      runbook: '#on-call-may-be-deaf',
    });
  }
}
