import { byQueue, type Dispatch, type Published } from '../broker/dispatch.ts';
import type { Outgoing } from '../broker/outgoing.ts';
import type { PartitionTimes } from './assignment.ts';
import { createPlacing, type Partitioned, type PlacedCopy } from './placing.ts';

export interface PartitionedDispatchDeps {
  readonly partitioned: readonly Partitioned[];
  readonly times: Pick<PartitionTimes, 'skewMs' | 'sendMs'>;
  readonly now: () => Date;
  /** MUST end at the deadline. */
  readonly sleep: (milliseconds: number, deadline?: AbortSignal) => Promise<unknown>;
  /** Aborts after so long. */
  readonly timeout: (milliseconds: number) => AbortSignal;
}

/** What every broker of a topology is made with that has partitioned exchanges. */
export type WithPartitions = (dispatch: Dispatch) => Dispatch;

/**
 * Gives each copy for a partition its place by the assignment of the moment it is sent. In the short time around a switch what is for keys that
 * move waits, and its copies for other queues do not; a send is given up before anything could rely on its having ended.
 */
export function createPartitionedDispatch({ sleep, timeout, now, ...deps }: PartitionedDispatchDeps): WithPartitions {
  const placing = createPlacing({ ...deps, now });

  return (dispatch) => {
    async function send(all: readonly (readonly Outgoing[])[], deadline?: AbortSignal): Promise<Published[]> {
      // Before it is known where: what is decided then is sent soon after.
      const limit = timeout(deps.times.sendMs);
      const bounded = deadline ? AbortSignal.any([deadline, limit]) : limit;
      const place = await placing(all);
      const messages = all.map((copies) => partsOf(copies, place));
      const answers = messages.map((): Published[] => []);
      const note = (some: readonly [position: number, of: Parts][], published: readonly Published[]): void => {
        for (const [at, [position]] of some.entries()) answers[position]?.push(published[at] ?? silence);
      };

      async function sendReady(): Promise<void> {
        // One that is for no queue at all has its answer from there, too.
        const some = [...messages.entries()].filter(([, { ready, held }]) => ready.length > 0 || held.length === 0);
        if (some.length === 0) return;
        const outgoing = some.map(([, { ready }]) => ready);
        const isPlaced = outgoing.flat().some((one) => 'placed' in one);
        note(some, await dispatch(outgoing, isPlaced ? bounded : deadline));
      }

      async function sendHeld(): Promise<void> {
        const some = [...messages.entries()].filter(([, { held }]) => held.length > 0);
        if (some.length === 0) return;
        await sleep(Math.max(...some.map(([, { from }]) => from)) - now().getTime(), deadline);
        const outgoing = some.map(([, { held }]) => held);
        note(some, await (deadline?.aborted ? dispatch(outgoing.map(notSent), deadline) : send(outgoing, deadline)));
      }

      await Promise.all([sendReady(), sendHeld()]);
      return answers.map(together);
    }
    return send;
  };
}

const silence: Published = { confirm: 'unknown', queues: [] };

/** Of one message: what goes out at once, and what waits for a switch. */
interface Parts {
  readonly ready: readonly Outgoing[];
  readonly held: readonly Outgoing[];
  /** When what is held may go. */
  readonly from: number;
}

/** Copies for other queues are not held with it: those of the next message would overtake them. */
function partsOf(copies: readonly Outgoing[], place: (outgoing: Outgoing) => PlacedCopy): Parts {
  const placed = copies.map((copy) => ({ copy, placing: place(copy) }));
  return {
    ready: placed.flatMap(({ placing }) => ('outgoing' in placing ? [placing.outgoing] : [])),
    held: placed.flatMap(({ copy, placing }) => ('from' in placing ? [copy] : [])),
    from: Math.max(0, ...placed.map(({ placing }) => ('from' in placing ? placing.from : 0))),
  };
}

/** The answer to a message from those to its parts. */
function together(parts: readonly Published[]): Published {
  const [one = silence, ...others] = parts;
  if (others.length === 0) return one;
  const confirms = parts.map(({ confirm }) => confirm);
  const isAcked = confirms.every((confirm) => confirm === 'ack');
  return {
    confirm: confirms.includes('nack') ? 'nack' : isAcked ? 'ack' : 'unknown',
    queues: parts.flatMap(({ queues }) => queues).sort(byQueue),
  };
}

function notSent(some: readonly Outgoing[]): Outgoing[] {
  return some.map(({ queues }) => ({
    queues,
    refused: 'not sent: its partition is about to change, and the time was up',
  }));
}
