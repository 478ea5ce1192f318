import { DeleteMessageCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Takes messages out of a queue that no function consumes, until there are `count` of those that are wanted, and whatever else is there by then. Default: all are wanted. */
export async function takeMessages(
  sqs: SQSClient,
  QueueUrl: string,
  count: number,
  withinMs = 15_000,
  isWanted: (message: Message) => boolean = () => true,
): Promise<Message[]> {
  const taken: Message[] = [];
  const deadline = Date.now() + withinMs;
  for (;;) {
    const isWaiting = taken.filter(isWanted).length < count && Date.now() < deadline;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: isWaiting ? 1 : 0,
      }),
    );
    for (const message of Messages) {
      taken.push(message);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
    if (Messages.length === 0 && !isWaiting) return taken;
  }
}
