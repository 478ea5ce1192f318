import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ReachedPartitions } from '../../../../bin/warren/partitions/options.ts';
import { runWarren } from '../../../../bin/warren/program.ts';
import type { OperatorAct } from '../../../../lambdas/shared/audit/audit-log.ts';
import { partitionTimes } from '../../../../lambdas/shared/partitions/assignment.ts';
import type { SendMarkers } from '../../../../lambdas/shared/partitions/markers.ts';
import { MemoryPartitionStore } from '../../lambdas/shared/partitions/memory-partition-store.ts';
import { ringOf, shards } from '../../rabbitmq/partitions/rings.ts';

/** Eight partitions, four of them in use, whose consumers handle every marker at once, unless told otherwise. */
function stage({
  isStuck = false,
  isDeployed = true,
  differenceMs = 0,
}: {
  readonly isStuck?: boolean;
  readonly isDeployed?: boolean;
  /** Of the clocks. */
  readonly differenceMs?: number;
} = {}) {
  let time = 0;
  const acts: OperatorAct[] = [];
  const store = new MemoryPartitionStore();
  let whenMarked: (() => Promise<void>) | undefined;
  const sendMarkers: SendMarkers = async (exchange, version, places) => {
    // The first ones are lost, so that there is a while in which somebody else can come.
    if (!isStuck && !whenMarked) for (const place of places) await store.noteDrained(exchange, version, place);
  };
  const reached: ReachedPartitions = {
    ring: ringOf(shards([1, 1, 1, 1, 1, 1, 1, 1])),
    initial: 4,
    store,
    sendMarkers,
    times: partitionTimes,
    now: () => new Date(time),
    async sleep(milliseconds) {
      time += milliseconds;
      const isDraining = store.assignment?.steps.at(-1)?.markedAt !== undefined;
      const then = isDraining ? whenMarked : undefined;
      if (then) whenMarked = undefined;
      await then?.();
      if (isStuck && time > 600_000) throw new Error('stopped');
    },
    isDeployed,
    clockDifferenceMs: async () => differenceMs,
    audit: { record: async (act) => void acts.push(act) },
    caller: async () => 'arn:someone',
  };
  return {
    acts,
    store,
    onFirstMarkers: (then: () => Promise<void>) => {
      whenMarked = then;
    },
    async warren(...args: string[]) {
      const [out, err] = [new PassThrough(), new PassThrough()];
      const read = Promise.all([text(out), text(err)]);
      const io = { stdin: Readable.from([]), stdout: out, stderr: err };
      const deps = async () => ({ reach: async () => [reached] });
      const status = await runWarren(['partitions', ...args, '--stage', 'dev'], io, { partitioning: deps });
      out.end();
      err.end();
      const [stdout, stderr] = await read;
      return { status, stdout, stderr };
    },
  };
}

const act = ['--reason', 'more traffic', '--yes'];

describe('warren partitions', () => {
  it('shows how many are in use, and makes no assignment where there is none', async () => {
    const { warren, store } = stage();

    const { status, stdout } = await warren('show');

    expect(stdout).toBe('shards: 4 of 8 partitions are in use.\n');
    expect(status).toBe(0);
    expect(store.assignment).toBeUndefined();
  });

  it('uses more of them, tells how far it is, and is on record before', async () => {
    const { warren, acts } = stage();

    const { status, stdout, stderr } = await warren('resize', 'shards', '--to', '7', ...act);

    expect(stdout).toBe('shards: 7 of 8 partitions are in use.\n');
    expect(stderr.split('\n')).toEqual([
      'It can be stopped at any time: the same command, run again, goes on where it was.',
      '4 → 7: announced; publishers change over at 00:00:18 UTC, and from 00:00:39 on what keys have left behind is drained',
      '4 → 7: done, nothing is left behind',
      '',
    ]);
    expect(status).toBe(0);
    expect(acts).toEqual([
      {
        subject: 'exchange shards',
        act: 'resize partitions',
        who: 'arn:someone',
        why: 'more traffic',
        before: { partitions: 4 },
        after: { partitions: 7 },
      },
    ]);
  });

  it('takes the last step back, once, and puts nothing else on record', async () => {
    const { warren, acts } = stage();
    await warren('resize', 'shards', '--to', '7', ...act);

    expect((await warren('back', 'shards', ...act)).stdout).toBe('shards: 4 of 8 partitions are in use.\n');
    expect((await warren('back', 'shards', ...act)).stdout).toBe('shards: 4 of 8 partitions are in use.\n');
    expect(acts.map(({ after }) => after)).toEqual([{ partitions: 7 }, { partitions: 4 }]);
  });

  it.each([
    ['resize', 'shards', '--to', '4'],
    ['back', 'shards'],
  ])('%s puts nothing on record, and asks nothing, when it is so already', async (...command) => {
    const { warren, store, acts } = stage();
    await warren('resize', 'shards', '--to', '7', ...act);
    await warren('back', 'shards', ...act);
    const before = [acts.length, store.assignment];

    const { status, stdout, stderr } = await warren(...command, '--reason', 'more traffic');

    expect(stderr).toBe('It is so already: nothing was done.\n');
    expect(stdout).toBe('shards: 4 of 8 partitions are in use.\n');
    expect([status, acts.length, store.assignment]).toEqual([0, ...before]);
  });

  it('goes on with a step back that was stopped, and puts on record where that leads', async () => {
    const { warren, acts } = stage({ isStuck: true });
    await expect(warren('resize', 'shards', '--to', '3', ...act)).rejects.toThrow('stopped');
    await expect(warren('back', 'shards', ...act)).rejects.toThrow('stopped');

    await expect(warren('back', 'shards', ...act)).rejects.toThrow('stopped');

    expect(acts.map(({ after }) => after)).toEqual([{ partitions: 3 }, { partitions: 4 }, { partitions: 4 }]);
  });

  it('says that somebody else has changed it meanwhile', async () => {
    const { warren, onFirstMarkers } = stage();
    onFirstMarkers(async () => void (await warren('back', 'shards', ...act)));

    const { status, stdout, stderr } = await warren('resize', 'shards', '--to', '7', ...act);

    expect(stdout).toBe('shards: 4 of 8 partitions are in use.\n');
    expect(stderr).toContain('Somebody has changed it meanwhile: 7 were asked for.');
    expect(status).toBe(1);
  });

  it('says of a step that is stopped which partitions are not drained', async () => {
    const { warren } = stage({ isStuck: true });
    await expect(warren('resize', 'shards', '--to', '3', ...act)).rejects.toThrow('stopped');

    const { stdout } = await warren('show', 'shards');

    expect(stdout).toContain(
      '4 → 3: keys that move wait until what they have left behind is handled; message groups done: shard-3 0 of 80',
    );
  });

  it('refuses more than are declared, and changes nothing', async () => {
    const { warren, store, acts } = stage();

    const { status, stderr } = await warren('resize', 'shards', '--to', '9', ...act);

    expect(stderr).toContain('1 to 8 of them can be in use, not 9');
    expect(status).toBe(2);
    expect(store.assignment).toBeUndefined();
    expect(acts).toEqual([]);
  });

  it.each([
    ['resize', 'shards', '--to', '7'],
    ['back', 'shards'],
  ])('%s changes nothing when the functions are deployed with other partitions', async (...command) => {
    const { warren, store, acts } = stage({ isDeployed: false });

    const { status, stderr } = await warren(...command, ...act);

    expect(stderr).toContain("deployed with other partitions of 'shards' than topology/definitions.json has");
    expect([status, store.assignment, acts]).toEqual([2, undefined, []]);
    expect((await warren('show')).status).toBe(0);
  });

  it('changes nothing when the clock of the machine is wrong by more than a second', async () => {
    const { warren, store, acts } = stage({ differenceMs: 1_001 });

    const { status, stderr } = await warren('resize', 'shards', '--to', '7', ...act);

    expect(stderr).toContain('the clock of this machine differs from that of AWS by at least 1001 ms');
    expect([status, store.assignment, acts]).toEqual([2, undefined, []]);
    expect((await stage({ differenceMs: 1_000 }).warren('resize', 'shards', '--to', '7', ...act)).status).toBe(0);
  });

  it('does nothing where nobody can be asked', async () => {
    const { warren, acts } = stage();

    const { status } = await warren('resize', 'shards', '--to', '7', '--reason', 'more traffic');

    expect(status).toBe(2);
    expect(acts).toEqual([]);
  });
});
