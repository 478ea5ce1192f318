import type { ChangeMessageVisibilityCommand, DeleteMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createSqsReceipts } from '../../../../../lambdas/shared/consumer/sqs-receipts.ts';
import { sqsRecord } from '../../../../support/sqs-event.ts';
import { silentLog } from '../../builders.ts';
import { hanging } from '../broker/scripted-sqs.ts';

type Send = (
  command: ChangeMessageVisibilityCommand | DeleteMessageCommand,
  options: { readonly abortSignal?: AbortSignal },
) => Promise<unknown>;
const sqsThat = (answer: Send) => ({ send: answer }) as unknown as SQSClient;

describe('hiding a message', () => {
  it('goes by its receipt', async () => {
    const inputs: unknown[] = [];
    const sqs = sqsThat(async ({ input }) => inputs.push(input));

    await createSqsReceipts(sqs, 'https://sqs/q', silentLog).hide(sqsRecord('', { receiptHandle: 'receipt' }), 7);

    expect(inputs).toEqual([{ QueueUrl: 'https://sqs/q', ReceiptHandle: 'receipt', VisibilityTimeout: 7 }]);
  });

  it('that cannot be set is no failure: the queue’s own visibility timeout brings the message back', async () => {
    const sqs = sqsThat(() => Promise.reject(new Error('ReceiptHandleIsInvalid')));

    await expect(createSqsReceipts(sqs, 'https://sqs/q', silentLog).hide(sqsRecord(''), 7)).resolves.toBeUndefined();
  });

  it('is waited for until the deadline and no longer', async () => {
    const sqs = sqsThat((_, { abortSignal }) => Promise.resolve(hanging([], abortSignal)));

    await expect(
      createSqsReceipts(sqs, 'https://sqs/q', silentLog).hide(sqsRecord(''), 7, AbortSignal.abort()),
    ).resolves.toBeUndefined();
  });
});

describe('removing a message', () => {
  it('goes by its receipt', async () => {
    const inputs: unknown[] = [];
    const sqs = sqsThat(async ({ input }) => inputs.push(input));

    await createSqsReceipts(sqs, 'https://sqs/q', silentLog).remove(sqsRecord('', { receiptHandle: 'receipt' }));

    expect(inputs).toEqual([{ QueueUrl: 'https://sqs/q', ReceiptHandle: 'receipt' }]);
  });

  it('that may not have happened is an error: it may come back', async () => {
    const sqs = sqsThat(() => Promise.reject(new Error('socket hang up')));

    await expect(createSqsReceipts(sqs, 'https://sqs/q', silentLog).remove(sqsRecord(''))).rejects.toThrow('hang up');
  });
});
