import { Validations } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ConsumerConfig } from '../config-shape.ts';

/** Hands the queue's messages to the function, batch by batch, with partial batch responses. */
export function consumeQueue(
  fn: LambdaFunction,
  queue: IQueue,
  { batchSize, maxConcurrency }: Pick<ConsumerConfig, 'batchSize' | 'maxConcurrency'>,
): void {
  fn.addEventSource(new SqsEventSource(queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }));
  Validations.of(fn).acknowledge({
    id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
    reason: 'SQS mappings have no failure destination: the queue keeps what failed, and its redrive policy moves it.',
  });
}
