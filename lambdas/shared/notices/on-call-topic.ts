import { GetTopicAttributesCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { OnCallMessage } from './notice-text.ts';

/** Whom people listen to. `tell` MUST have handed the message over when it returns. */
export interface OnCallTopic {
  tell(message: OnCallMessage): Promise<void>;
  /** How many have confirmed that they want to hear; a topic that is gone is an error. */
  countListeners(): Promise<number>;
}

export function createSnsTopic(client: SNSClient, TopicArn: string): OnCallTopic {
  return {
    async tell({ subject, text }) {
      await client.send(new PublishCommand({ TopicArn, Subject: subject, Message: text }));
    },
    async countListeners() {
      const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
      return Number(Attributes?.['SubscriptionsConfirmed'] ?? 0);
    },
  };
}
