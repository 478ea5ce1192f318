import type { Context, SQSRecord } from 'aws-lambda';
import type { SqsMessage } from '../../../lambdas/shared/broker/envelope.ts';
import type { Log, Meter } from '../../../lambdas/shared/telemetry/telemetry.ts';
import type { ClientMessage, Message } from '../../../rabbitmq/message.ts';
import { sqsRecord } from '../../support/sqs-event.ts';

export const now = new Date('2026-11-23T02:00:00Z');

export function message(changes: Partial<Message> = {}): Message {
  return {
    vhost: '/',
    exchange: 'payments',
    routingKeys: ['payment.success'],
    properties: { message_id: 'event-1' },
    headers: {},
    payload: '{"n":1}',
    payloadEncoding: 'string',
    ...changes,
  };
}

/** Of a client that gives no message id. */
export function clientMessage(changes: Partial<ClientMessage> = {}): ClientMessage {
  return { ...message(), properties: {}, eventId: 'event-1', ...changes };
}

/** The record a queue hands over for what was sent to it. */
export function recordOf({ MessageBody, MessageAttributes }: SqsMessage, changes: Partial<SQSRecord> = {}): SQSRecord {
  const messageAttributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) => [
      name,
      { stringValue: StringValue ?? '', dataType: DataType ?? 'String' },
    ]),
  );
  return sqsRecord(MessageBody, { messageAttributes, ...changes });
}

export const silentLog: Log = {
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};

export class CountingMeter implements Meter {
  readonly counts: [metric: string, dimensions: Readonly<Record<string, string>>][] = [];

  count(metric: string, dimensions: Readonly<Record<string, string>> = {}): void {
    this.counts.push([metric, dimensions]);
  }

  measure(): void {}
}

/** A function with ten seconds left. */
export function lambdaContext(remainingMs = 10_000): Context {
  const refuse = () => {
    throw new Error('Not implemented');
  };
  return {
    awsRequestId: 'request-1',
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'test',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
    logGroupName: 'test',
    logStreamName: 'test',
    memoryLimitInMB: '128',
    getRemainingTimeInMillis: () => remainingMs,
    done: refuse,
    fail: refuse,
    succeed: refuse,
  };
}

/** What a promise is rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
