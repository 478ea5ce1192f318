import { PermanentError, RetryableError, UnavailableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { circuitRow } from '../../../../contracts/dynamodb/circuits.ts';
import { batchLoopAround } from './batch-loop-on-fakes.ts';
import { MemoryCircuits } from './memory-circuits.ts';
import { type Body, bodyOf, delivered, type LoopOptions, loopOnFakes, schema } from './record-loop-on-fakes.ts';

const down = new UnavailableError('the shop is down');
const source = delivered('1').eventSourceARN;
const openRow = circuitRow({ source });
const batch = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => delivered(`${from + n}`, bodyOf(from + n)));

/** The handler throws what it is told to for each `n`. */
function loopThat(
  throwsFor: (n: number) => Error | undefined,
  { circuits = new MemoryCircuits(), opensAfter = 3, ...options }: LoopOptions = {},
) {
  const handled: number[] = [];
  const loop = loopOnFakes(
    async ({ body: { n } }) => {
      handled.push(n);
      const error = throwsFor(n);
      if (error) throw error;
    },
    { circuits, opensAfter, ...options },
  );
  return { ...loop, handled };
}

describe('a circuit', () => {
  it('is opened by so many messages in a row for which something is down, and no more come to the handler', async () => {
    const { run, handled, circuits, outcomes, delays, failures } = loopThat(() => down);

    const failed = await run(...batch(1, 5));

    expect(failed).toEqual(['1', '2', '3', '4', '5']);
    expect(handled).toEqual([1, 2, 3]);
    expect(outcomes()).toEqual(['retry', 'retry', 'retry', 'held', 'held']);
    expect(delays.slice(3)).toEqual([
      ['4', 60],
      ['5', 60],
    ]);
    expect([...failures.counts.keys()]).toEqual(['event-1', 'event-2', 'event-3']);
    expect(circuits.rows.get(source)).toEqual(
      circuitRow({ source, function_name: 'test', probe_at: '2026-11-23T02:01:00.000Z' }),
    );
  });

  it('stays closed when a message is handled in between', async () => {
    const { run, handled, circuits } = loopThat((n) => (n === 3 ? undefined : down));

    await run(...batch(1, 5));

    expect(handled).toEqual([1, 2, 3, 4, 5]);
    expect(circuits.rows.size).toBe(0);
  });

  it('is opened although messages fail for something else in between', async () => {
    const { run, circuits } = loopThat((n) => (n % 2 === 0 ? new RetryableError('refused') : down));

    await run(...batch(1, 4));
    expect(circuits.rows.size).toBe(0);
    await run(...batch(5, 1));

    expect(circuits.rows.size).toBe(1);
  });

  it('stays closed for one message that fails again and again, and for failures of the messages themselves', async () => {
    const again = loopThat(() => down);
    for (let n = 0; n < 5; n++) await again.run(delivered('1', bodyOf(1)));
    const own = loopThat((n) => [new PermanentError('no'), new RetryableError('later'), new TypeError('bug')][n % 3]);
    await own.run(...batch(1, 9));

    expect(again.handled).toHaveLength(5);
    expect([again.circuits.rows.size, own.circuits.rows.size]).toEqual([0, 0]);
  });

  it('that another process has opened is seen by one that has just started, and by one that sees something fail', async () => {
    const circuits = new MemoryCircuits();
    const warm = loopThat((n) => (n === 2 ? down : undefined), { circuits });
    await warm.run(...batch(1, 1));
    circuits.rows.set(source, openRow);
    const cold = loopThat(() => undefined, { circuits });

    await cold.run(...batch(1, 2));
    await warm.run(...batch(2, 1));
    await warm.run(...batch(3, 1));

    expect(cold.handled).toEqual([]);
    expect(warm.handled).toEqual([1, 2]);
  });

  it('is closed for a process when its row is gone', async () => {
    const { run, handled, circuits } = loopThat((n) => (n < 4 ? down : undefined));
    await run(...batch(1, 3));
    circuits.rows.clear();

    await run(...batch(4, 2));

    expect(handled).toEqual([1, 2, 3, 4, 5]);
  });

  it('that was closed counts from the start again', async () => {
    const { run, handled, circuits } = loopThat(() => down);
    await run(...batch(1, 3));
    circuits.rows.clear();

    await run(...batch(4, 2));
    expect(circuits.rows.size).toBe(0);
    await run(...batch(6, 1));

    expect(circuits.rows.size).toBe(1);
    expect(handled).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('costs one read while all is well', async () => {
    const { run, circuits } = loopThat(() => undefined);

    for (let n = 0; n < 10; n++) await run(...batch(n, 1));

    expect(circuits.reads).toBe(1);
  });

  it('that cannot be read or written stops nothing', async () => {
    const circuits = new MemoryCircuits();
    circuits.broken = new Error('DynamoDB does not answer');
    const { run, handled } = loopThat(() => down, { circuits });

    await run(...batch(1, 5));
    await run(...batch(6, 1));

    expect(handled).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('may be switched off', async () => {
    const { run, handled, circuits } = loopThat(() => down, { opensAfter: 0 });

    await run(...batch(1, 5));

    expect(handled).toHaveLength(5);
    expect([circuits.rows.size, circuits.reads]).toEqual([0, 0]);
  });

  it('sends a message anew that would be taken for dead at its last receive', async () => {
    const circuits = new MemoryCircuits();
    circuits.rows.set(source, openRow);
    const { run, anew, outcomes } = loopThat(() => undefined, { circuits, maxReceives: 4 });

    expect(await run(delivered('1', bodyOf(1), 4))).toEqual([]);

    expect({ anew, outcomes: outcomes() }).toEqual({ anew: ['1'], outcomes: ['anew'] });
  });
});

describe('a probe', () => {
  const open = () => {
    const circuits = new MemoryCircuits();
    circuits.rows.set(source, openRow);
    return circuits;
  };

  it('comes to the handler, and tells that the message was handled', async () => {
    const { probe, handled } = loopThat(() => undefined, { circuits: open() });

    expect(await probe(delivered('1', bodyOf(1)))).toEqual({ batchItemFailures: [], probe: 'handled' });
    expect(handled).toEqual([1]);
  });

  it('that finds it down is no failure of its message', async () => {
    const { probe, failures, outcomes } = loopThat(() => down, { circuits: open(), deliveryLimit: 0 });

    expect(await probe(delivered('1', bodyOf(1)))).toMatchObject({ probe: 'unavailable' });
    expect({ failures: failures.counts.size, outcomes: outcomes() }).toEqual({ failures: 0, outcomes: ['held'] });
  });

  it('that finds it down at the last receive of its message sends that anew', async () => {
    const { probe, anew } = loopThat(() => down, { circuits: open(), maxReceives: 4 });

    expect(await probe(delivered('1', bodyOf(1), 4))).toEqual({ batchItemFailures: [], probe: 'unavailable' });
    expect(anew).toEqual(['1']);
  });

  it('whose message fails for a reason of its own shows that nothing is down', async () => {
    const { probe } = loopThat(() => new PermanentError('no such customer'), { circuits: open() });

    expect(await probe(delivered('1', bodyOf(1)))).toEqual({ batchItemFailures: [], probe: 'handled' });
  });

  it('with a message that never comes to the handler says nothing', async () => {
    const { probe } = loopThat(() => undefined, { circuits: open() });

    expect(await probe(delivered('1', { payload: 'no JSON' }))).toMatchObject({ probe: 'untried' });
  });
});

describe('the circuit of a consumer of batches', () => {
  const consumer = (verdict: Error | undefined) => {
    const batches: number[][] = [];
    const handleAll = async (all: readonly { readonly body: Body }[]) => {
      batches.push(all.map(({ body: { n } }) => n));
      return all.map(() => verdict);
    };
    return { batches, consumer: { queue: 'orders', schema, handleAll } };
  };

  it('is opened by so many batches in a row, and nothing is handled from then on', async () => {
    const circuits = new MemoryCircuits();
    const { consumer: down3, batches } = consumer(down);
    const { run, outcomes } = batchLoopAround(down3, { circuits, opensAfter: 3 });

    await run(...batch(1, 4));
    await run(...batch(5, 2));
    expect(circuits.rows.has(source)).toBe(false);
    await run(...batch(7, 1));
    expect(await run(...batch(8, 2))).toEqual(['8', '9']);

    expect(batches).toEqual([[1, 2, 3, 4], [5, 6], [7]]);
    expect(circuits.rows.has(source)).toBe(true);
    expect(outcomes().slice(7)).toEqual(['held', 'held']);
  });

  it('is not opened by one batch that fails again and again', async () => {
    const circuits = new MemoryCircuits();
    const { run } = batchLoopAround(consumer(down).consumer, { circuits, opensAfter: 3 });

    for (let n = 0; n < 5; n++) await run(...batch(1, 4));

    expect(circuits.rows.size).toBe(0);
  });

  it('stays closed while some are handled', async () => {
    const circuits = new MemoryCircuits();
    const { consumer: well } = consumer(undefined);
    const { run } = batchLoopAround(well, { circuits, opensAfter: 3 });

    await run(...batch(1, 4));

    expect(circuits.rows.size).toBe(0);
  });
});
