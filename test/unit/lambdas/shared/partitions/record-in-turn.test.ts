import type { PartitionGuard } from '../../../../../lambdas/shared/partitions/partition-guard.ts';
import { stampAttributes } from '../../../../../lambdas/shared/partitions/stamp.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { now, recordOf } from '../../builders.ts';
import { bodyOf, delivered, type LoopOptions, loopOnFakes } from '../consumer/record-loop-on-fakes.ts';

const source = queue('orders', { deadLetterExchange: 'dead', singleActiveConsumer: true });

/** A record that was sent so many seconds ago. */
function aged(id: string, seconds: number) {
  const record = delivered(id, bodyOf(1));
  const SentTimestamp = String(now.getTime() - seconds * 1000);
  return { ...record, attributes: { ...record.attributes, SentTimestamp } };
}

function loopWith(judge: PartitionGuard['judge'], options: LoopOptions = {}) {
  const handled: string[] = [];
  const loop = loopOnFakes(async ({ message }) => void handled.push(message.properties.message_id), {
    ...options,
    source,
    partition: { startInvocation() {}, judge },
  });
  return { ...loop, handled };
}

describe('a record of a partition', () => {
  it('goes back for longer and longer when it is not its turn, and that is no failure of its', async () => {
    const { run, handled, delays, failures } = loopWith(async () => 'held');

    expect(await run(delivered('a', bodyOf(1)))).toEqual(['a']);
    expect(await run(delivered('a', bodyOf(1), 29))).toEqual(['a']);
    expect(await run(delivered('a', bodyOf(1), 300))).toEqual(['a']);

    expect(handled).toEqual([]);
    expect(delays).toEqual([
      ['a', 2],
      ['a', 58],
      ['a', 60],
    ]);
    expect(failures.counts.size).toBe(0);
  });

  it('is kept as an exception when it would come back to wait so late that SQS may have deleted it', async () => {
    const keepAfterSeconds = 3 * 86_400;
    const { run, delays, exceptions } = loopWith(async () => 'held', { keepAfterSeconds });

    expect(await run(aged('a', keepAfterSeconds - 1))).toEqual([]);
    expect(await run(aged('b', keepAfterSeconds - 2))).toEqual(['b']);

    expect(exceptions.opened).toMatchObject([{ eventId: 'event-a', reason: 'retention', state: 'open' }]);
    expect(delays).toEqual([['b', 2]]);
  });

  it('is not kept when it is a marker: nobody misses it', async () => {
    const { run, exceptions } = loopWith(async () => 'held', { keepAfterSeconds: 60 });
    const stamp = stampAttributes({ vhost: '/', exchange: 'shards', version: 1, marker: true });
    const { attributes } = aged('a', 3_600);

    expect(await run({ ...recordOf({ MessageBody: '(marker)', MessageAttributes: stamp }), attributes })).toHaveLength(
      1,
    );

    expect(exceptions.opened).toEqual([]);
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
