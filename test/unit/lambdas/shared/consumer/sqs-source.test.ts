import type { ReceiveMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { createSqsSource } from '../../../../../lambdas/shared/consumer/sqs-source.ts';
import { silentLog } from '../../builders.ts';

function given(Attributes: Readonly<Record<string, string>>) {
  const inputs: ReceiveMessageCommandInput[] = [];
  const sqs = {
    async send({ input }: { input: ReceiveMessageCommandInput }) {
      inputs.push(input);
      return { Messages: [{ MessageId: 'a', ReceiptHandle: 'r', Body: 'x', Attributes }] };
    },
  } as unknown as SQSClient;
  return { inputs, source: createSqsSource(sqs, 'https://sqs/q', silentLog) };
}

describe('a message that is received from a queue', () => {
  it('has its place in the order of a FIFO queue, and none in another', async () => {
    const common = { ApproximateReceiveCount: '1', SentTimestamp: '1' };
    const [fifo] = await given({ ...common, MessageGroupId: 'key-1', SequenceNumber: '17' }).source.receive(30);
    const [standard] = await given(common).source.receive(30);

    expect(fifo?.attributes).toMatchObject({ MessageGroupId: 'key-1', SequenceNumber: '17' });
    expect(standard?.attributes).not.toHaveProperty('MessageGroupId');
  });

  it('comes with nine others at most, or as few as are asked for', async () => {
    const { source, inputs } = given({});

    await source.receive(30);
    await source.receive(5, 3);

    expect(inputs).toMatchObject([
      { MaxNumberOfMessages: 10, VisibilityTimeout: 30 },
      { MaxNumberOfMessages: 3, VisibilityTimeout: 5 },
    ]);
  });
});
