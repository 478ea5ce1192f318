import { GetQueueAttributesCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { asked } from '../stage/asked.ts';
import type { ReceiveLimits } from './stage.ts';

/** SQS itself writes the number as a text, others as a number. */
const redriveSchema = z.looseObject({ maxReceiveCount: z.coerce.number() });

/** By the queue's redrive policy, whose target stays. */
export function createSqsReceiveLimits(sqs: SQSClient): ReceiveLimits {
  return {
    get: async ({ url }) => (await redriveOf(url))?.maxReceiveCount,
    async set({ url }, maxReceiveCount) {
      const redrive = await redriveOf(url);
      if (redrive === undefined) return;
      const Attributes = { RedrivePolicy: JSON.stringify({ ...redrive, maxReceiveCount }) };
      const command = new SetQueueAttributesCommand({ QueueUrl: url, Attributes });
      await asked(`sqs:SetQueueAttributes on ${url}`, () => sqs.send(command));
    },
  };

  async function redriveOf(QueueUrl: string) {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] });
    const { Attributes } = await asked('sqs:GetQueueAttributes', () => sqs.send(command));
    const policy = Attributes?.['RedrivePolicy'];
    return policy === undefined ? undefined : redriveSchema.parse(JSON.parse(policy));
  }
}
