import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { decodeMessage } from '../../../lambdas/shared/broker/envelope.ts';
import { deadLetterQueueName, sqsQueueName } from '../../../rabbitmq/plan/queue-name.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { sqsRecord } from '../../support/sqs-event.ts';
import { takeMessages } from '../../support/take-messages.ts';
import { whole } from '../../support/whole-message.ts';
import { lambdaContext } from '../../unit/lambdas/builders.ts';

export type TestQueues = ReturnType<typeof queuesFor>;

/** Long enough that only who shortens it sees a message a second time within a test. */
const visibilitySeconds = 600;
export const maxReceiveCount = 2;

/**
 * The queues of a topology, each with its dead-letter queue, before all tests of the `describe` it is called in, until after them. They are
 * made by the SQS API itself: no stack is deployed.
 */
export function queuesFor(sqs: SQSClient, queues: readonly Queue[], most = maxReceiveCount) {
  const namePrefix = `contract-${randomUUID().slice(0, 8)}`;
  const urls: string[] = [];
  let urlBase = '';
  beforeAll(async () => {
    for (const queue of queues) {
      const name = sqsQueueName(namePrefix, queue);
      const fifo = queue.singleActiveConsumer && { FifoQueue: 'true' };
      const dead = await create(deadLetterQueueName(name), { ...fifo });
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
      );
      const url = await create(name, {
        ...fifo,
        VisibilityTimeout: String(visibilitySeconds),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.['QueueArn'], maxReceiveCount: most }),
      });
      urlBase = url.slice(0, -name.length);
    }
  });
  afterAll(async () => {
    for (const QueueUrl of urls) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });

  async function create(QueueName: string, Attributes: Record<string, string>): Promise<string> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    urls.push(QueueUrl);
    return QueueUrl;
  }

  const urlOf = (name: string): string => {
    const queue = queues.find((one) => one.name === name) ?? { vhost: '/', name };
    return urlBase + sqsQueueName(namePrefix, queue);
  };

  return {
    namePrefix,
    /** Known once the queues are there. */
    urlBase: () => urlBase,
    urlOf,
    /** Takes so many messages out of a queue, waiting for them, and whatever else is there. */
    take: (name: string, count: number) => takeMessages(sqs, urlOf(name), count),
    takeDead: (name: string, count: number) =>
      takeMessages(sqs, urlBase + deadLetterQueueName(sqsQueueName(namePrefix, { vhost: '/', name })), count),
    receive: (name: string, waitSeconds = 0) => receive(sqs, urlOf(name), waitSeconds),
    /** Ends the visibility timeout of a message that was received, as time would. */
    async show(name: string, { ReceiptHandle }: Message = {}): Promise<void> {
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: urlOf(name), ReceiptHandle, VisibilityTimeout: 0 }),
      );
    },
    /** What an event source mapping does: hands over a batch and deletes what is not reported. Answers what was handed over. */
    async deliver(name: string, handler: Handler, waitSeconds = 0): Promise<readonly string[]> {
      const QueueUrl = urlOf(name);
      const messages = await receive(sqs, QueueUrl, waitSeconds);
      if (messages.length === 0) return [];
      const { batchItemFailures } = await handler({ Records: messages.map(recordOf) }, lambdaContext());
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      for (const { MessageId = '', ReceiptHandle } of messages) {
        if (!failed.includes(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return messages.map(({ MessageId = '' }) => MessageId);
    },
  };
}

export type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** The RabbitMQ message that a queue has handed out. */
export function decoded({ Body = '', MessageAttributes, MessageId = '' }: Message) {
  return whole(decodeMessage(Body, MessageAttributes?.['amqp']?.StringValue ?? '', MessageId));
}

async function receive(sqs: SQSClient, QueueUrl: string, WaitTimeSeconds: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
      WaitTimeSeconds,
    }),
  );
  return Messages;
}

function recordOf({
  Body = '',
  MessageId = '',
  ReceiptHandle = '',
  Attributes,
  MessageAttributes,
}: Message): SQSRecord {
  const { attributes, ...record } = sqsRecord(Body);
  return {
    ...record,
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    attributes: { ...attributes, ...Attributes },
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, { StringValue, DataType }]) => [
        name,
        { stringValue: StringValue ?? '', dataType: DataType ?? 'String' },
      ]),
    ),
  };
}
