import { DeleteMessageCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export interface PolledQueue {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly batchSize: number;
  /** Seconds. */
  readonly visibilityTimeout: number;
  /** One for each poller, as every instance of a function has its own. */
  readonly createHandler: () => (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
  readonly context: Context;
}

/** Hands a queue's messages to handlers as Lambda's event source mapping does, in this process, until `stop`. Resolves when all have stopped. */
export async function pollQueue(queue: PolledQueue, pollers: number, stop: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: pollers }, () => poll(queue, stop)));
}

async function poll(queue: PolledQueue, stop: AbortSignal): Promise<void> {
  const { sqs, queueUrl: QueueUrl } = queue;
  const handle = queue.createHandler();
  while (!stop.aborted) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: queue.batchSize,
        VisibilityTimeout: queue.visibilityTimeout,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) continue;
    const { batchItemFailures } = await handle({ Records: Messages.map(toRecord) }, queue.context);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId = '', ReceiptHandle } of Messages) {
      if (!failed.has(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

function toRecord({ MessageId = '', ReceiptHandle = '', Body = '', ...message }: Message): SQSRecord {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: message.Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(
      attributes.map(([name, { StringValue, DataType = 'String' }]) => [
        name,
        { dataType: DataType, ...(StringValue !== undefined && { stringValue: StringValue }) },
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}
