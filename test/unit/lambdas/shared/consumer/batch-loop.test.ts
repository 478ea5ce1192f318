import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { BatchConsumer } from '../../../../../lambdas/shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { now } from '../../builders.ts';
import { type BatchLoopOptions, batchLoopAround } from './batch-loop-on-fakes.ts';
import { bodyOf, delivered, orders } from './record-loop-on-fakes.ts';

const schema = z.object({ n: z.int() });
type HandleAll = BatchConsumer<z.infer<typeof schema>>['handleAll'];

const batchLoopOn = (handleAll: HandleAll, options: BatchLoopOptions = {}) =>
  batchLoopAround({ queue: 'orders', schema, handleAll }, { source: orders, ...options });

const numbered = (...ns: number[]): SQSRecord[] => ns.map((n) => delivered(String(n), bodyOf(n)));

describe('a batch', () => {
  it('is handled together, and acked', async () => {
    const calls: number[][] = [];
    const { run, outcomes } = batchLoopOn(async (deliveries) => {
      calls.push(deliveries.map(({ body }) => body.n));
      return deliveries.map(() => undefined);
    });

    expect(await run(...numbered(1, 2, 3))).toEqual([]);

    expect(calls).toEqual([[1, 2, 3]]);
    expect(outcomes()).toEqual(['ack', 'ack', 'ack']);
  });

  it('ends by the verdict of each of its messages', async () => {
    const verdicts = [undefined, new RetryableError('later', { delaySeconds: 9 }), new PermanentError('never')];
    const { run, outcomes, hidden, broker } = batchLoopOn(async () => verdicts);

    expect(await run(...numbered(1, 2, 3))).toEqual(['2']);

    expect(outcomes().sort()).toEqual(['ack', 'rejected', 'retry']);
    expect(hidden).toEqual([['2', 9]]);
    expect(broker.republished.map(({ properties }) => properties.message_id)).toEqual(['event-3']);
  });

  it('is given its retry delays by a later deadline than that of its work, which that may have used up', async () => {
    const ofWork: (AbortSignal | undefined)[] = [];
    const { run, deadlines } = batchLoopOn(async (deliveries) => {
      ofWork.push(...deliveries.map(({ deadline }) => deadline));
      return deliveries.map(() => new Error('any'));
    });

    await run(...numbered(1));

    expect(deadlines).toEqual([expect.any(AbortSignal)]);
    expect(deadlines[0]).not.toBe(ofWork[0]);
  });

  it('goes on without what cannot be read or is too late: that ends by itself', async () => {
    const seen: number[] = [];
    const { run, outcomes } = batchLoopOn(async (deliveries) => {
      seen.push(...deliveries.map(({ body }) => body.n));
      return deliveries.map(() => undefined);
    });
    const late = delivered('late', { ...bodyOf(8), expiresAt: now.getTime() });

    expect(await run(delivered('odd', { payload: '{' }), ...numbered(1), late)).toEqual([]);

    expect(seen).toEqual([1]);
    expect(outcomes().sort()).toEqual(['ack', 'expired', 'rejected']);
  });

  it('without anything to handle asks nobody', async () => {
    let asked = 0;
    const { run } = batchLoopOn(async () => {
      asked++;
      return [];
    });

    expect(await run(delivered('odd', { payload: '{' }))).toEqual([]);

    expect(asked).toBe(0);
  });

  it.each<[string, HandleAll]>([
    ['its handler throws', () => Promise.reject(new Error('boom'))],
    ['its handler does not say what became of each', async () => [undefined]],
  ])('comes back whole when %s', async (_, handleAll) => {
    const { run, failures } = batchLoopOn(handleAll);

    expect(await run(...numbered(1, 2))).toEqual(['1', '2']);

    expect([...failures.counts.values()]).toEqual([1, 1]);
  });

  it('loses a message to its dead-letter exchange after one failure more than the limit (rule 4.8.6)', async () => {
    const { run, outcomes } = batchLoopOn(() => Promise.reject(new Error('boom')), { deliveryLimit: 1 });

    expect(await run(...numbered(1))).toEqual(['1']);
    expect(await run(...numbered(1))).toEqual([]);

    expect(outcomes()).toEqual(['retry', 'delivery_limit']);
  });

  it('is not for a FIFO queue', () => {
    const source = queue('orders', { singleActiveConsumer: true });

    expect(() => batchLoopOn(async () => [], { source })).toThrow("'orders' is a FIFO queue");
  });
});

describe('a batch that has been received three times', () => {
  it('is handled one by one, from one end and the next time from the other, and each that is done leaves the queue at once', async () => {
    const calls: (readonly number[])[] = [];
    const { run, removed } = batchLoopOn(async (deliveries) => {
      calls.push([...deliveries.map(({ body }) => body.n), removed.length]);
      return deliveries.map(({ body }) => (body.n === 2 ? new RetryableError('later') : undefined));
    });
    const received = (receiveCount: number) => [1, 2, 3].map((n) => delivered(String(n), bodyOf(n), receiveCount));

    expect(await run(...received(3))).toEqual(['2']);
    expect(await run(...received(4))).toEqual(['2']);

    expect(calls).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [3, 2],
      [2, 3],
      [1, 3],
    ]);
    expect(removed).toEqual(['1', '3', '3', '1']);
  });
});
