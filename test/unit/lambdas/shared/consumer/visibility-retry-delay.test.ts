import type { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createVisibilityRetryDelay } from '../../../../../lambdas/shared/consumer/visibility-retry-delay.ts';
import { sqsRecord } from '../../../../support/sqs-event.ts';
import { silentLog } from '../../builders.ts';
import { hanging } from '../broker/scripted-sqs.ts';

type Send = (
  command: ChangeMessageVisibilityCommand,
  options: { readonly abortSignal?: AbortSignal },
) => Promise<unknown>;
const sqsThat = (answer: Send) => ({ send: answer }) as unknown as SQSClient;

describe('a retry delay', () => {
  it('hides the message by its receipt', async () => {
    const inputs: unknown[] = [];
    const sqs = sqsThat(async ({ input }) => inputs.push(input));

    await createVisibilityRetryDelay(sqs, 'https://sqs/q', silentLog).delay(
      sqsRecord('', { receiptHandle: 'receipt' }),
      7,
    );

    expect(inputs).toEqual([{ QueueUrl: 'https://sqs/q', ReceiptHandle: 'receipt', VisibilityTimeout: 7 }]);
  });

  it('that cannot be set is no failure: the queue’s own visibility timeout brings the message back', async () => {
    const sqs = sqsThat(() => Promise.reject(new Error('ReceiptHandleIsInvalid')));

    await expect(
      createVisibilityRetryDelay(sqs, 'https://sqs/q', silentLog).delay(sqsRecord(''), 7),
    ).resolves.toBeUndefined();
  });

  it('is waited for until the deadline and no longer', async () => {
    const sqs = sqsThat((_, { abortSignal }) => Promise.resolve(hanging([], abortSignal)));

    await expect(
      createVisibilityRetryDelay(sqs, 'https://sqs/q', silentLog).delay(sqsRecord(''), 7, AbortSignal.abort()),
    ).resolves.toBeUndefined();
  });
});
