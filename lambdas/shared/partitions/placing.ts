import type { Copy } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import { isSamePlace, type Place, type Ring } from '../../../rabbitmq/partitions/ring.ts';
import { asRouted } from '../../../rabbitmq/routing/as-routed.ts';
import { defaultExchange } from '../../../rabbitmq/topology.ts';
import type { Outgoing } from '../broker/outgoing.ts';
import type { Known, PartitionTimes } from './assignment.ts';
import type { AssignmentReader } from './assignment-reader.ts';

/** A partitioned exchange, as a publisher needs it. */
export interface Partitioned {
  readonly ring: Ring;
  readonly reader: AssignmentReader;
}

/** A copy with its place; or when it will have one: around a switch nobody may say on which side of it a message of a key that moves is. */
export type PlacedCopy = { readonly outgoing: Outgoing } | { readonly from: number };

export interface PlacingDeps {
  readonly partitioned: readonly Partitioned[];
  readonly times: Pick<PartitionTimes, 'skewMs'>;
  readonly now: () => Date;
}

/** The places of what is sent together are those of one moment, or a message could overtake another of its key. */
export type Placing = (all: readonly (readonly Outgoing[])[]) => Promise<(outgoing: Outgoing) => PlacedCopy>;

export function createPlacing({ partitioned, times, now }: PlacingDeps): Placing {
  const byQueue = new Map(
    partitioned.flatMap((one) => one.ring.queues.map((queue) => [idOf(one.ring.exchange.vhost, queue), one] as const)),
  );

  /** Who names the queue itself means that queue. */
  function partitionedOf(outgoing: Outgoing): Partitioned | undefined {
    if (!('copy' in outgoing) || outgoing.copy.message.exchange === defaultExchange) return undefined;
    const { vhost, name } = outgoing.copy.queue;
    return byQueue.get(idOf(vhost, name));
  }

  return async (all) => {
    const needed = new Set(all.flat().flatMap((outgoing) => partitionedOf(outgoing) ?? []));
    const read = await Promise.all([...needed].map(async (one) => [one, await knownTo(one)] as const));
    const known = new Map(read);
    const time = now().getTime();
    return (outgoing) => {
      const one = partitionedOf(outgoing);
      if (!one || !('copy' in outgoing)) return { outgoing };
      const answer = known.get(one);
      if (!answer || 'unknown' in answer)
        return { outgoing: { queues: outgoing.queues, refused: `its partition is not known: ${answer?.unknown}` } };
      return placeCopy(outgoing.copy, one.ring, answer, { time, ...times });
    };
  };
}

async function knownTo({ reader }: Partitioned): Promise<Known | { readonly unknown: string }> {
  try {
    return await reader.recent();
  } catch (error) {
    return { unknown: String(error) };
  }
}

function placeCopy(
  copy: Copy,
  ring: Ring,
  { assignment: { steps } }: Known,
  { time, skewMs }: { readonly time: number; readonly skewMs: number },
): PlacedCopy {
  const message = asRouted(copy.message);
  const { vhost, name: exchange } = ring.exchange;
  const last = steps.length - 1;
  const placeIn = (version: number): Place => {
    const step = steps[version];
    if (!step) throw new Error(`exchange '${exchange}' has no assignment ${version}`);
    return ring.place(message, step);
  };
  const placed = (version: number, { queue, group }: Place): PlacedCopy => ({
    outgoing: {
      queues: [queue],
      copy: { ...copy, queue: { ...copy.queue, name: queue } },
      placed: { group, stamp: { vhost, exchange, version } },
    },
  });
  const after = placeIn(last);
  const switchAt = steps[last]?.switchAt ?? 0;
  if (last === 0 || time > switchAt + skewMs) return placed(last, after);
  const before = placeIn(last - 1);
  if (time < switchAt - skewMs || isSamePlace(before, after)) return placed(last - 1, before);
  return { from: switchAt + skewMs + 1 };
}

function idOf(vhost: string, name: string): string {
  return JSON.stringify([vhost, name]);
}
