import type { PartitionTimes } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createSendMarkers } from '../../../../../lambdas/shared/partitions/markers.ts';
import type { ResizeDeps } from '../../../../../lambdas/shared/partitions/resize.ts';
import type { Place } from '../../../../../rabbitmq/partitions/ring.ts';
import type { World } from './simulated-world.ts';

class CommandDied extends Error {}

/** The command, as it runs on an operator's machine. `isMarked`: which of the markers of a step it sends. */
export function commandIn(world: World, times: PartitionTimes, isMarked: (place: Place) => boolean): ResizeDeps {
  const { ring, store, clock, queue } = world;
  return {
    ring: { ...ring, left: (before, after) => ring.left(before, after).filter(isMarked) },
    initial: 4,
    store,
    sendMarkers: createSendMarkers({
      sender: {
        async send(url, sendables) {
          for (const { encode } of sendables) queue(url).send(await encode());
          return sendables.map(() => ({ outcome: 'stored', sqsMessageId: 'marker' }));
        },
      },
      queueUrl: ({ name }) => name,
    }),
    times,
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    report() {},
  };
}

/** Runs it again whenever it died, which it does at any of its steps, and less and less. */
export async function untilItEnds(
  { isChance, between, counts }: World,
  command: ResizeDeps,
  work: (deps: ResizeDeps) => Promise<unknown>,
): Promise<void> {
  for (let share = 0.1; ; share /= 1.2) {
    const mayDie = (): void => {
      if (!isChance(share)) return;
      counts.commandDeaths += 1;
      throw new CommandDied();
    };
    try {
      await work(dying(command, mayDie));
      return;
    } catch (error) {
      if (!(error instanceof CommandDied)) throw error;
      await between(0, 20_000);
    }
  }
}

/** Before and after each call, and in the middle of its markers. */
function dying(deps: ResizeDeps, mayDie: () => void): ResizeDeps {
  const around =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      mayDie();
      const result = await call(...args);
      mayDie();
      return result;
    };
  const { store, sendMarkers } = deps;
  const send = around(sendMarkers);
  return {
    ...deps,
    store: {
      read: around((...args: Parameters<typeof store.read>) => store.read(...args)),
      find: (...args) => store.find(...args),
      write: around((...args: Parameters<typeof store.write>) => store.write(...args)),
      noteDrained: (...args) => store.noteDrained(...args),
      forget: around((...args: Parameters<typeof store.forget>) => store.forget(...args)),
    },
    async sendMarkers(exchange, version, places) {
      await send(exchange, version, places.slice(0, Math.ceil(places.length / 2)));
      await send(exchange, version, places);
    },
  };
}
