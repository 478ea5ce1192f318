import type { PartitionGuard } from '../../../../../lambdas/shared/partitions/partition-guard.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { bodyOf, delivered, loopOnFakes } from '../consumer/record-loop-on-fakes.ts';

const source = queue('orders', { deadLetterExchange: 'dead', singleActiveConsumer: true });

function loopWith(judge: PartitionGuard['judge']) {
  const handled: string[] = [];
  const loop = loopOnFakes(async ({ message }) => void handled.push(message.properties.message_id), {
    source,
    partition: { startInvocation() {}, judge },
  });
  return { ...loop, handled };
}

describe('a record of a partition', () => {
  it('goes back for longer and longer when it is not its turn, and that is no failure of its', async () => {
    const { run, handled, delays, failures } = loopWith(async () => 'held');

    expect(await run(delivered('a', bodyOf(1)))).toEqual(['a']);
    expect(await run(delivered('a', bodyOf(1), 30))).toEqual(['a']);

    expect(handled).toEqual([]);
    expect(delays).toEqual([
      ['a', 2],
      ['a', 60],
    ]);
    expect(failures.counts.size).toBe(0);
  });

  it('is dead-lettered, and never handled, when what comes after it may be handled already', async () => {
    const { run, handled, broker } = loopWith(async () => 'past');

    expect(await run(delivered('a', bodyOf(1)))).toEqual([]);

    expect(handled).toEqual([]);
    expect(broker.republished.map(({ properties }) => properties.message_id)).toEqual(['event-a']);
  });

  it('is done with when it is a marker', async () => {
    const { run, handled, outcomes } = loopWith(async () => 'marker');

    expect(await run(delivered('a', bodyOf(1)))).toEqual([]);

    expect(handled).toEqual([]);
    expect(outcomes()).toEqual([]);
  });

  it('is retried when nobody knows whose turn it is', async () => {
    const { run, handled, failures } = loopWith(() => Promise.reject(new Error('down')));

    expect(await run(delivered('a', bodyOf(1)))).toEqual(['a']);

    expect(handled).toEqual([]);
    expect(failures.counts.size).toBe(0);
  });
});
