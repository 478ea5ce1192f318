import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';

/** Takes the letters of some messages out of a queue, others stay. The event ids of those that were taken, one for each letter. */
export async function lettersTaken(
  { sqs, queueUrl }: ExampleDeployment,
  queue: string,
  isOurs: (eventId: string) => boolean,
): Promise<string[]> {
  const QueueUrl = queueUrl(queue);
  const taken: string[] = [];
  const others: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 120,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    for (const message of Messages) {
      const eventId = eventIdOf(message);
      if (!isOurs(eventId)) {
        others.push(message);
        continue;
      }
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      taken.push(eventId);
    }
  }
  for (const { ReceiptHandle } of others) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  return taken;
}

function eventIdOf({ MessageAttributes }: Message): string {
  return JSON.parse(MessageAttributes?.['amqp']?.StringValue ?? '').properties.message_id;
}
