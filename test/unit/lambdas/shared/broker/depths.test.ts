import { type GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createSqsDepths } from '../../../../../lambdas/shared/broker/depths.ts';
import { CountingMeter } from '../../builders.ts';

/** SQS with one answer. */
function depthsOn(answer: object | Error) {
  const inputs: object[] = [];
  const sqs = Object.assign(new SQSClient({ region: 'eu-west-1' }), {
    send: async ({ input }: GetQueueAttributesCommand) => {
      inputs.push(input);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const meter = new CountingMeter();
  return { depths: createSqsDepths({ sqs, queueUrl: ({ name }) => `url/${name}`, meter }), inputs, meter };
}

const work = { vhost: '/', name: 'work' };

describe('the depth of a queue', () => {
  it('is what is visible in SQS: neither in flight nor delayed', async () => {
    const { depths, inputs, meter } = depthsOn({ Attributes: { ApproximateNumberOfMessages: '7' } });

    expect(await depths.ready(work)).toBe(7);
    expect(inputs).toEqual([{ QueueUrl: 'url/work', AttributeNames: ['ApproximateNumberOfMessages'] }]);
    expect(meter.counts).toEqual([]);
  });

  it.each([
    ['SQS refuses to say', new Error('AccessDenied')],
    ['SQS says something else', { Attributes: {} }],
    ['SQS says nothing', {}],
  ])('is unknown when %s, and that is counted', async (_, answer) => {
    const { depths, meter } = depthsOn(answer);

    expect(await depths.ready(work)).toBeUndefined();
    expect(meter.counts).toEqual([['QueueDepthUnknown', { queue: 'work' }]]);
  });
});
