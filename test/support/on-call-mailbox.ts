import { randomUUID } from 'node:crypto';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, type Message } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../local/aws-environment.ts';
import type { Deployment } from '../../local/deployment.ts';
import { testAccount } from './deployment-file.ts';
import { takeMessages } from './take-messages.ts';

export interface Told {
  readonly subject: string;
  readonly text: string;
}

/** A subscriber of on-call's topic. */
export interface Mailbox {
  /** What has come of these fingerprints: what others' tests make fail is told there too. Waits five seconds for so many. */
  told(fingerprints: readonly string[], atLeast: number): Promise<Told[]>;
  close(): Promise<void>;
}

export async function openMailbox({ sqs, outputs, endpoint }: Deployment): Promise<Mailbox> {
  const sns = new SNSClient(clientConfig(endpoint, testAccount));
  const name = `warren-local-mailbox-${randomUUID()}`;
  const url = outputs.QueueUrlBase + name;
  await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const Endpoint = `arn:aws:sqs:us-east-1:${testAccount}:${name}`;
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn: outputs.OnCallTopic, Protocol: 'sqs', Endpoint }),
  );
  return {
    async told(fingerprints, atLeast) {
      const isOfThese = (message: Message) => fingerprints.some((one) => toldOf(message).text.includes(one));
      const messages = await takeMessages(sqs, url, atLeast, 5_000, isOfThese);
      return messages.filter(isOfThese).map(toldOf);
    },
    async close() {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
      sns.destroy();
    },
  };
}

function toldOf({ Body = '' }: Message): Told {
  const { Subject, Message } = JSON.parse(Body);
  return { subject: String(Subject), text: String(Message) };
}
