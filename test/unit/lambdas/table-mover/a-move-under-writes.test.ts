import { seededRandom } from '../../../../bin/warren/random.ts';
import type { DeclaredMove } from '../../../../lambdas/shared/table-moves/env.ts';
import { keyText } from '../../../../lambdas/shared/table-moves/key-mapping.ts';
import { isEqual, type MoveStep } from '../../../../lambdas/shared/table-moves/move.ts';
import { MoveRefusedError } from '../../../../lambdas/shared/table-moves/move-steps.ts';
import { createRoutes } from '../../../../lambdas/shared/table-moves/routes.ts';
import type { StreamChange } from '../../../../lambdas/table-follower/changes.ts';
import { follow } from '../../../../lambdas/table-follower/follow.ts';
import { act, type OperatorRequest } from '../../../../lambdas/table-mover/act.ts';
import { workAt } from '../../../../lambdas/table-mover/work.ts';
import { CountingMeter, silentLog } from '../builders.ts';
import { createMemoryMove, itemOf, keys } from './memory-move.ts';
import { createVirtualWorld, type Process } from './virtual-world.ts';

const latency = 20;
/** Milliseconds of virtual time: short, so that a move is over soon. */
const times = { maxAgeMs: 800, longestRequestMs: 400, followerMs: 2_000, closedAtMostMs: 60_000 };
/** How long a follower lags when writes are closed: longer than is waited before tables are compared. */
const lagMs = 12_000;
const declared: DeclaredMove = { table: 'Orders', target: 'Moved', keys, sourceName: 'orders', targetName: 'moved' };
const operator = { who: 'somebody', why: 'a test' };
const epoch = Date.parse('2026-11-28T00:00:00Z');

interface Ended {
  readonly step: MoveStep;
  readonly differences: readonly string[];
  /** What was read, and had been written over by then. */
  readonly stale: readonly string[];
  readonly refusedWrites: number;
  readonly writes: number;
  readonly kills: number;
}

/** A move on that way, under writers, with a mover and followers that are killed at any await, and hand over the same changes again. */
async function moveUnderWrites(seed: number, way: readonly ('next' | 'back')[]): Promise<Ended> {
  const random = seededRandom(seed);
  const world = createVirtualWorld(random, epoch);
  const memory = createMemoryMove(world, latency);
  const truth = new Map<string, string>();
  const stale: string[] = [];
  const count = { refusedWrites: 0, writes: 0, kills: 0 };
  let isOver = false;
  let hasWriters = true;

  const key = () => ({ out_trade_no: `order-${Math.floor(random() * 12)}` });
  for (let at = 0; at < 10; at++) write('source', key(), `before-${at}`);

  function write(side: 'source' | 'target', of: ReturnType<typeof key>, value: string | undefined): void {
    memory.put(side, { key: of, item: value === undefined ? undefined : itemOf(of, value) });
    if (value === undefined) truth.delete(keyText(of));
    else truth.set(keyText(of), value);
  }

  async function writer(id: number): Promise<void> {
    const find = createRoutes([declared], {
      moves: memory.moves(),
      maxAgeMs: times.maxAgeMs,
      now: () => [world.now()],
    });
    for (let at = 0; hasWriters; at++) {
      await world.delay(400);
      const route = await find(declared.sourceName);
      if (!route) throw new Error('the table moves');
      if (route.writes === 'closed') {
        count.refusedWrites += 1;
        continue;
      }
      // Some are slow, and none is slower than is waited for.
      await world.delay(random() < 0.3 ? times.longestRequestMs : latency);
      write(route.writes, key(), random() < 0.4 ? undefined : `writer-${id}-${at}`);
      count.writes += 1;
    }
  }

  /** What it reads is what was written last, at that moment. */
  async function reader(): Promise<void> {
    const find = createRoutes([declared], {
      moves: memory.moves(),
      maxAgeMs: times.maxAgeMs,
      now: () => [world.now()],
    });
    while (hasWriters) {
      await world.delay(100);
      const route = await find(declared.sourceName);
      await world.delay(random() < 0.3 ? times.longestRequestMs : latency);
      const name = keyText(key());
      // Where both are read, the source is believed.
      const side = route?.reads === 'target' ? 'target' : 'source';
      const [is, was] = [memory.items[side].get(name)?.['value']?.S, truth.get(name)];
      if (is !== was)
        stale.push(`${memory.row?.step}: ${is} was read of ${name} at the ${side}, and ${was} was written`);
    }
  }

  /**
   * One batch after the other, until it is through; now and then it goes on from an earlier one, in order, as a lost checkpoint makes it. It lags when writes are
   * closed: tables may be found equal with changes still to come.
   */
  async function follower(side: 'source' | 'target'): Promise<void> {
    for (let done = 0; !isOver; ) {
      const lags = world.now() < Date.parse(memory.row?.closed_at ?? '') + lagMs;
      if (lags) await world.delay(1_000);
      const { begin, changes } = batchAt(side, done, lags ? 2 : 5);
      done = (await isFollowed(side, changes)) ? begin + changes.length : begin;
      if (changes.length === 0) await world.delay(30);
    }
  }

  function batchAt(side: 'source' | 'target', done: number, most: number) {
    const begin = random() < 0.1 ? Math.max(0, done - 5) : done;
    return { begin, changes: memory.streams[side].slice(begin, begin + 1 + Math.floor(random() * most)) };
  }

  /** Slow ones are given up: what they have begun is on its way until Lambda has killed them. */
  async function isFollowed(side: 'source' | 'target', changes: readonly StreamChange[]): Promise<boolean> {
    const process: Process = { isKilled: false };
    const isSlow = random() < 0.3;
    const deps = { moves: memory.moves(process), tables: memory.tables(process, isSlow ? times.followerMs : latency) };
    const run = follow({ move: declared, side, changes }, deps).then(() => true);
    const patience = isSlow ? 100 + random() * 300 : times.followerMs;
    const isThrough = await Promise.race([run, world.sleep(patience).then(() => false)]);
    if (isThrough) return true;
    count.kills += 1;
    void world.sleep(times.followerMs - patience).then(() => {
      process.isKilled = true;
    });
    return false;
  }

  async function mover(): Promise<void> {
    while (!isOver) {
      const process: Process = { isKilled: false };
      const run = workAt(declared.table, world.now() + 400, {
        moves: memory.moves(process),
        tables: memory.tables(process, random() < 0.3 ? 400 : latency),
        times,
        pageSize: random() < 0.5 ? 3 : 50,
        leaseMs: 700,
        newId: () => String(random()),
        now: world.now,
        sleep: (milliseconds) => world.sleep(milliseconds, process),
        log: silentLog,
        meter: new CountingMeter(),
      }).then(() => true);
      const isThrough = await Promise.race([run, world.sleep(random() < 0.3 ? random() * 400 : 700).then(() => false)]);
      if (!isThrough) {
        process.isKilled = true;
        count.kills += 1;
      }
      await world.delay(50);
    }
  }

  const actDeps = { moves: memory.moves(), times, schemaProblems: async () => [], now: () => new Date(world.now()) };

  async function settledStep(): Promise<MoveStep> {
    for (;;) {
      await world.sleep(50);
      const step = memory.row?.step ?? 'stopped';
      if (step !== 'closing' && step !== 'returning') return step;
    }
  }

  async function asked(what: 'next' | 'back'): Promise<void> {
    const seen = await settledStep();
    while (!(await isDone({ act: what, table: declared.table, seen, operator }))) {
      const { comparison, copy } = memory.row ?? {};
      const isCompared = comparison?.phase === 'finished' ? !isEqual(comparison) : !comparison;
      if (copy?.phase === 'finished' && isCompared) await isDone({ act: 'compare', table: declared.table, operator });
      await world.sleep(100);
    }
  }

  async function isDone(request: OperatorRequest): Promise<boolean> {
    try {
      await act(request, declared, actDeps);
      return true;
    } catch (error) {
      if (error instanceof MoveRefusedError) return false;
      throw error;
    }
  }

  async function operate(): Promise<void> {
    await world.sleep(200);
    await act({ act: 'start', table: declared.table, rate: 20_000, operator }, declared, actDeps);
    for (const what of way) {
      await world.delay(500);
      await asked(what);
    }
    await settledStep();
    await world.sleep(300);
    hasWriters = false;
    await world.sleep(15_000);
    isOver = true;
  }

  const all = Promise.all([
    ...[0, 1, 2, 3].map(writer),
    reader(),
    reader(),
    follower('source'),
    follower('target'),
    mover(),
    operate(),
  ]);
  await world.run(epoch + 240_000);
  if (!isOver) throw new Error(`after four minutes the move is ${memory.row?.step}`);
  await all;
  const step = memory.row?.step ?? 'stopped';
  const side = step === 'written' || step === 'done' ? 'target' : 'source';
  const followed = step === 'copying' || step === 'reading' || step === 'written';
  return {
    step,
    differences: [
      ...differences(truth, memory.items[side], side),
      ...(followed ? differences(truth, memory.items[side === 'source' ? 'target' : 'source'], 'the copy') : []),
    ],
    stale,
    ...count,
  };
}

function differences(
  truth: ReadonlyMap<string, string>,
  items: ReturnType<typeof createMemoryMove>['items']['source'],
  where: string,
): string[] {
  const names = new Set([...truth.keys(), ...items.keys()]);
  return [...names].flatMap((name) => {
    const [is, was] = [items.get(name)?.['value']?.S, truth.get(name)];
    return is === was ? [] : [`${where} has ${is} of ${name}, and the writers wrote ${was}`];
  });
}

const seeds = Array.from(
  { length: Number(process.env['SEEDS'] ?? 10) },
  (_, at) => at + Number(process.env['FIRST_SEED'] ?? 1),
);

describe.each([
  ['to the target', ['next', 'next'], 'written'],
  ['to the end', ['next', 'next', 'next'], 'done'],
  ['and back from the copy', ['back'], 'stopped'],
  ['and back from reads at the target', ['next', 'back'], 'copying'],
  ['and back from writes at the target', ['next', 'next', 'back'], 'reading'],
  ['there, back, and there again', ['next', 'next', 'back', 'next'], 'written'],
] as const)('a move under writes, kills and repeated changes, %s', (_, way, step) => {
  it.each(seeds)('loses nothing that was written: seed %s', async (seed) => {
    const { differences: found, stale, ...ended } = await moveUnderWrites(seed, way);

    expect(found).toEqual([]);
    expect(stale).toEqual([]);
    expect(ended.step).toBe(step);
    expect(ended.writes).toBeGreaterThan(5);
  });
});
