import type { Delivery } from '../../../../../lambdas/shared/consumer/consumer.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { type Body, bodyOf, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

/** Records 1, 2, … with so many receives. */
const received = (receiveCount: number, ...ns: number[]) =>
  ns.map((n) => delivered(`sqs-${n}`, bodyOf(n), receiveCount));

/** Handles one record, and then no time is left. */
function oneAtATime(options: Parameters<typeof loopOnFakes>[1] = {}) {
  const done: number[] = [];
  let left = 10_000;
  const given = loopOnFakes(
    async ({ body: { n } }: Delivery<Body>) => {
      done.push(n);
      left = 1_000;
    },
    { ...options, leftMs: () => left },
  );
  return { ...given, done };
}

describe('a message that its function never has time to begin with', () => {
  it('goes back at once', async () => {
    const { run, delays } = oneAtATime({ maxReceives: 8 });

    expect(await run(...received(7, 1, 2))).toEqual(['sqs-2']);
    expect(delays).toEqual([['sqs-2', 0]]);
  });

  it('does not die of it: at its last receive it is sent anew', async () => {
    const { run, anew, delays, outcomes } = oneAtATime({ maxReceives: 8 });

    expect(await run(...received(8, 1, 2))).toEqual([]);
    expect([anew, delays]).toEqual([[expect.stringMatching(/^sqs-[12]$/)], []]);
    expect(outcomes()).toEqual(['ack', 'anew']);
  });

  it('stays in its place in a FIFO queue', async () => {
    const source = queue('orders', { singleActiveConsumer: true, deadLetterExchange: 'dead' });
    const { run, anew } = oneAtATime({ maxReceives: 8, source });

    expect(await run(...received(8, 1, 2))).toEqual(['sqs-2']);
    expect(anew).toEqual([]);
  });
});

describe('a batch that has been received three times', () => {
  /** What is removed from the queue before the record that takes the function down. */
  async function removedBefore(crashing: number, receiveCount: number): Promise<readonly string[]> {
    let removedByThen: readonly string[] = [];
    const { run, removal } = loopOnFakes(async ({ body: { n } }) => {
      if (n === crashing) removedByThen = [...removal.removed];
    });
    await run(...received(receiveCount, 1, 2, 3, 4));
    return removedByThen;
  }

  it('is done from one end, and the next time from the other: each that is done leaves the queue at once', async () => {
    expect(await removedBefore(3, 3)).toEqual(['sqs-1', 'sqs-2']);
    expect(await removedBefore(3, 4)).toEqual(['sqs-4']);
  });

  it('costs no other batch a call', async () => {
    expect(await removedBefore(3, 2)).toEqual([]);
  });

  it('keeps what is to be retried in the queue', async () => {
    const { run, removal } = loopOnFakes(async ({ body: { n } }) => {
      if (n === 2) throw new Error('later');
    });

    expect(await run(...received(3, 1, 2, 3))).toEqual(['sqs-2']);
    expect(removal.removed).toEqual(['sqs-1', 'sqs-3']);
  });

  it('is acked by its answer where a removal fails', async () => {
    const { run, removal } = loopOnFakes(async () => {});
    removal.broken = new Error('SQS');

    expect(await run(...received(3, 1, 2))).toEqual([]);
  });
});
