import { partitionTimes, switchAfter } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createAssignmentReader, firstAssignment } from '../../../../../lambdas/shared/partitions/assignment-reader.ts';
import {
  AnnouncedLateError,
  PartitionCountError,
  type ResizeDeps,
  resize,
} from '../../../../../lambdas/shared/partitions/resize.ts';
import { ringOf, shards } from '../../../rabbitmq/partitions/rings.ts';
import { MemoryPartitionStore } from './memory-partition-store.ts';

const ring = ringOf(shards([1, 1, 1, 1], 2));
const { skewMs, sendMs, marginMs } = partitionTimes;

/** A command whose markers are handled at once; `watch` is called whenever it waits. */
function given(watch: (time: number) => Promise<void> = async () => {}) {
  const at = { time: 1_000_000 };
  const store = new MemoryPartitionStore();
  const markedAt: number[] = [];
  const now = () => new Date(at.time);
  const deps: ResizeDeps = {
    ring,
    initial: 2,
    store,
    async sendMarkers(exchange, version, places) {
      markedAt.push(at.time);
      for (const place of places) await store.noteDrained(exchange, version, place);
    },
    times: partitionTimes,
    now,
    async sleep(milliseconds) {
      at.time += milliseconds;
      await watch(at.time);
    },
    report() {},
  };
  const reader = createAssignmentReader({ ring, initial: 2, store, times: partitionTimes, now });
  const lastStep = () => store.assignment?.steps.at(-1);
  return { deps, reader, store, markedAt, lastStep, at };
}

function withWrite(store: ResizeDeps['store'], write: ResizeDeps['store']['write']): ResizeDeps['store'] {
  return {
    find: (...args) => store.find(...args),
    read: (...args) => store.read(...args),
    write,
    noteDrained: (...args) => store.noteDrained(...args),
    forget: (...args) => store.forget(...args),
  };
}

describe('a step to more partitions', () => {
  it('takes effect when no publisher believes any more what it read before it was announced', async () => {
    const seen: boolean[] = [];
    const { deps, reader, lastStep } = given(async (time) => {
      const switchAt = lastStep()?.switchAt ?? 0;
      const isNear = time >= switchAt - skewMs - 2_000;
      if (isNear && seen.length === 0) seen.push((await reader.recent()).assignment.steps.length === 2);
    });
    await reader.recent();

    await resize(deps, 4);

    expect(seen).toEqual([true]);
  });

  it('sends its markers when no send of before can still be under way', async () => {
    const { deps, markedAt, lastStep } = given();

    await resize(deps, 4);

    expect(markedAt[0]).toBeGreaterThan((lastStep()?.switchAt ?? 0) + skewMs + sendMs);
  });

  it('goes on though the answer to its announcement was lost', async () => {
    const { deps, store } = given();
    let isLost = false;
    const write: ResizeDeps['store']['write'] = async (...args) => {
      const isWritten = await store.write(...args);
      if (isLost) return isWritten;
      isLost = true;
      throw new Error('no answer');
    };

    await resize({ ...deps, store: withWrite(store, write) }, 4);

    expect(store.assignment?.steps.map(({ active }) => active)).toEqual([2, 4]);
  });

  it('is not there when the announcement failed', async () => {
    const { deps, store } = given();
    const write = () => Promise.reject(new Error('no connection'));

    await expect(resize({ ...deps, store: withWrite(store, write) }, 4)).rejects.toThrow('no connection');

    expect(store.assignment?.steps.map(({ active }) => active)).toEqual([2]);
  });

  it('is told to be late when it took too long to announce it, and goes on when it is run again', async () => {
    const { deps, store, at, lastStep } = given();
    const slow: ResizeDeps['store']['write'] = async (...args) => {
      at.time += marginMs + 1;
      return await store.write(...args);
    };

    await expect(resize({ ...deps, store: withWrite(store, slow) }, 4)).rejects.toThrow(AnnouncedLateError);
    await resize(deps, 4);

    expect(lastStep()).toMatchObject({ active: 4, drainedAt: expect.any(Number) });
  });

  it('ends though its markers got lost: they are sent again when SQS no longer takes them for the same', async () => {
    const { deps, markedAt, lastStep } = given(async (time) => {
      if (time > 10_000_000) throw new Error('it waits for ever');
    });
    const sendMarkers: ResizeDeps['sendMarkers'] = async (exchange, version, places) => {
      const [lostAt = deps.now().getTime()] = markedAt;
      markedAt.push(deps.now().getTime());
      if (deps.now().getTime() - lostAt > 300_000) await deps.sendMarkers(exchange, version, places);
    };

    await resize({ ...deps, sendMarkers }, 4);

    expect(lastStep()?.drainedAt).toBeDefined();
  });

  it('has no marker of another command that still waits: publishers send by the one before it until then', async () => {
    const sent: { readonly version: number; readonly at: number }[] = [];
    const { deps, store, at } = given(async (time) => {
      const { steps = [] } = store.assignment ?? {};
      const isBegun = sent.length > 0 && steps.length === 2;
      // Shortly before the first command sends its lost markers again.
      if (isBegun && time - (sent[0]?.at ?? 0) > 350_000) {
        const other = { active: 2, declared: 4, switchAt: switchAfter(time, partitionTimes) };
        const { revision } = await store.read(ring.exchange, firstAssignment(ring, 2));
        await store.write(ring.exchange, { lines: ring.lines, steps: [...steps, other] }, revision);
      }
    });
    const sendMarkers: ResizeDeps['sendMarkers'] = async (exchange, version, places) => {
      sent.push({ version, at: at.time });
      // Of the first time nobody handles them.
      if (sent.length > 2) await deps.sendMarkers(exchange, version, places);
    };

    await resize({ ...deps, sendMarkers }, 4);

    expect(store.assignment?.steps).toHaveLength(3);
    expect(sent.map(({ version }) => version)).toEqual([1, 1, 1]);
  });

  it('is nothing new when so many are in use', async () => {
    const { deps, store } = given();
    await resize(deps, 4);

    await resize(deps, 4);

    expect(store.assignment?.steps.map(({ active }) => active)).toEqual([2, 4]);
  });

  it.each([0, 5, 1.5])('is refused for a number that cannot be: %d', async (active) => {
    await expect(resize(given().deps, active)).rejects.toThrow(PartitionCountError);
  });
});
