import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  type Message,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { CircuitRow } from '../shared/circuit/circuits.ts';
import type { ProbeEvent, ProbeResult } from '../shared/consumer/circuit.ts';

/** `empty`: there was no message to try. */
export type Probed = ProbeResult | 'empty';

/** Hands one message of the queue to its consumer, as Lambda would. */
export type Probe = (row: CircuitRow) => Promise<Probed>;

const answerSchema = z.object({
  batchItemFailures: z.array(z.unknown()),
  probe: z.enum(['handled', 'unavailable', 'untried']).default('untried'),
});

export interface ProbeDeps {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  readonly queueUrlBase: string;
}

/**
 * While its mapping is disabled nobody else takes the queue's messages. A death between the consumer's work and the delete hands the message out
 * once more: its event id makes that a repeat.
 */
export function createProbe({ sqs, lambda, queueUrlBase }: ProbeDeps): Probe {
  return async ({ source, function_name }) => {
    const QueueUrl = queueUrlBase + source.slice(source.lastIndexOf(':') + 1);
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (!message) return 'empty';
    const event: ProbeEvent = { Records: [recordOf(message, source)], probe: true };
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: function_name, Payload: JSON.stringify(event) }),
    );
    // It hung until its time was over, or crashed. The message comes back by itself.
    if (FunctionError !== undefined) return 'unavailable';
    const answer = answerSchema.parse(JSON.parse(Buffer.from(Payload ?? []).toString()));
    if (answer.batchItemFailures.length === 0) {
      await remove(QueueUrl, message);
    }
    return answer.probe;
  };

  async function remove(QueueUrl: string, { ReceiptHandle }: Message): Promise<void> {
    try {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    } catch (error) {
      // The consumer has removed it by itself, as it does with one that was received often.
      if (!(error instanceof ReceiptHandleIsInvalid)) throw error;
    }
  }
}

/** As an event source mapping hands it over. */
function recordOf(message: Message, eventSourceARN: string): SQSRecord {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {}, MD5OfBody } = message;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
      ...Attributes,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue, BinaryValue, DataType = 'String' }]) => [
        name,
        {
          dataType: DataType,
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        },
      ]),
    ),
    md5OfBody: MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN,
    // arn:aws:sqs:<region>:<account>:<name>
    awsRegion: eventSourceARN.split(':')[3] ?? '',
  };
}
