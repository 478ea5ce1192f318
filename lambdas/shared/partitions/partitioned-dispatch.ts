import type { Dispatch, Published } from '../broker/dispatch.ts';
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
 * move waits; a send is given up before anything could rely on its having ended.
 */
export function createPartitionedDispatch({ sleep, timeout, now, ...deps }: PartitionedDispatchDeps): WithPartitions {
  const placing = createPlacing({ ...deps, now });

  return (dispatch) => {
    async function send(all: readonly (readonly Outgoing[])[], deadline?: AbortSignal): Promise<Published[]> {
      // Before it is known where: what is decided then is sent soon after.
      const limit = timeout(deps.times.sendMs);
      const bounded = deadline ? AbortSignal.any([deadline, limit]) : limit;
      const place = await placing(all);
      const placings = all.map((some) => some.map(place));
      const waits = placings.map((some) => Math.max(0, ...some.map((one) => ('from' in one ? one.from : 0))));
      const results = new Map<number, Published>();
      const note = (positions: readonly number[], published: readonly Published[]): void => {
        for (const [at, position] of positions.entries()) results.set(position, published[at] ?? silence);
      };
      const positions = [...waits.keys()];
      const ready = positions.filter((at) => waits[at] === 0);
      const waiting = positions.filter((at) => waits[at] !== 0);

      async function sendReady(): Promise<void> {
        if (ready.length === 0) return;
        const outgoing = ready.map((at) => (placings[at] ?? []).flatMap(outgoingIn));
        const isPlaced = outgoing.flat().some((one) => 'placed' in one);
        note(ready, await dispatch(outgoing, isPlaced ? bounded : deadline));
      }

      async function sendWaiting(): Promise<void> {
        if (waiting.length === 0) return;
        await sleep(Math.max(...waits) - now().getTime(), deadline);
        const outgoing = waiting.map((at) => all[at] ?? []);
        note(waiting, await (deadline?.aborted ? dispatch(outgoing.map(notSent), deadline) : send(outgoing, deadline)));
      }

      await Promise.all([sendReady(), sendWaiting()]);
      return positions.map((at) => results.get(at) ?? silence);
    }
    return send;
  };
}

const silence: Published = { confirm: 'unknown', queues: [] };

function outgoingIn(placing: PlacedCopy): Outgoing[] {
  return 'outgoing' in placing ? [placing.outgoing] : [];
}

function notSent(some: readonly Outgoing[]): Outgoing[] {
  return some.map(({ queues }) => ({
    queues,
    refused: 'not sent: its partition is about to change, and the time was up',
  }));
}
