import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { isSamePlace, type Place, type Ring } from '../../../rabbitmq/partitions/ring.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import { asRouted } from '../../../rabbitmq/routing/as-routed.ts';
import { decodeRecord } from '../broker/envelope.ts';
import type { Known } from './assignment.ts';
import type { AssignmentReader } from './assignment-reader.ts';
import { type PartitionStore, placeName } from './partition-store.ts';
import { type Stamp, stampOf } from './stamp.ts';

/**
 * `held`: what came before it is not handled yet. `past`: what comes after it is handled already. `marker`: nobody's message, and noted.
 */
export type Judgement = 'go' | 'held' | 'past' | 'marker';

/** Whether it is a record's turn, in a queue that may be a partition. */
export interface PartitionGuard {
  startInvocation(event: SQSEvent): void;
  judge(record: SQSRecord): Promise<Judgement>;
}

export interface PartitionGuardDeps {
  /** Its consumer's. */
  readonly queue: QueueAddress;
  readonly ring: Ring;
  readonly reader: AssignmentReader;
  readonly store: Pick<PartitionStore, 'noteDrained'>;
}

/** Of a queue that is no partition. */
export const noPartition: PartitionGuard = { startInvocation() {}, judge: async () => 'go' };

/** A message waits for every step that has moved its key and is not drained where the key was; it is past when its key has left, and that is drained. */
export function createPartitionGuard({ queue, ring, reader, store }: PartitionGuardDeps): PartitionGuard {
  let records: readonly SQSRecord[] = [];
  /** Read once in an invocation, and after each of its own notes: meanwhile nobody else gets anything of the groups it has in hand. */
  let freshly: Promise<Known> | undefined;

  function fresh(): Promise<Known> {
    freshly ??= reader.fresh();
    return freshly;
  }

  async function noteDrained(version: number, here: Place): Promise<void> {
    await store.noteDrained(ring.exchange, version, here);
    // What comes behind it in the same batch is past, and what was read before does not say so.
    freshly = undefined;
  }

  /** Those before it are deleted, or SQS would not have handed it out; those that are in hand with it are not yet. */
  function isFirstOfItsGroup(record: SQSRecord): boolean {
    const first = records.find(({ attributes }) => attributes.MessageGroupId === record.attributes.MessageGroupId);
    return first?.messageId === record.messageId;
  }

  async function handleMarker(record: SQSRecord, { version }: Stamp, here: Place): Promise<Judgement> {
    if (!isFirstOfItsGroup(record)) return 'held';
    const { steps } = (await reader.recent()).assignment;
    if (steps[version]?.drainedAt === undefined) await noteDrained(version, here);
    return 'marker';
  }

  /** What is drained stays so; what is not may be by now. */
  async function find(record: SQSRecord, { version }: Stamp, here: Place): Promise<Found> {
    const message = asRouted(decodeRecord(record, queue));
    const look = (known: Known) => lookAt(known, version, here, (spread) => ring.place(message, spread));
    const recent = await reader.recent();
    if (recent.assignment.steps.length <= version) return look(await fresh());
    const found = look(recent);
    return found.judgement === 'held' || found.isLeaving ? look(await fresh()) : found;
  }

  return {
    startInvocation(event) {
      records = event.Records;
      freshly = undefined;
    },
    async judge(record) {
      const stamp = stampOf(record);
      if (!stamp) return 'go';
      const here = { queue: queue.name, group: record.attributes.MessageGroupId ?? '' };
      if (stamp.marker) return await handleMarker(record, stamp, here);
      const { judgement, returnedAfter } = await find(record, stamp, here);
      if (returnedAfter.length > 0 && isFirstOfItsGroup(record)) {
        // Sent after all that its key ever left here: that it is the first of its group proves as much as a marker that was lost.
        for (const version of returnedAfter) await noteDrained(version, here);
      }
      return judgement;
    },
  };
}

interface Found {
  readonly judgement: Exclude<Judgement, 'marker'>;
  /** The key has left, and its old messages are still coming. */
  readonly isLeaving: boolean;
  /** Steps by which its key had left and that are not drained here; it came back by a later one. */
  readonly returnedAfter: readonly number[];
}

function lookAt(
  { assignment: { steps }, drained }: Known,
  version: number,
  here: Place,
  placeIn: (spread: Known['assignment']['steps'][number]) => Place,
): Found {
  const isDrained = (step: number, place: Place): boolean =>
    steps[step]?.drainedAt !== undefined || drained.get(step)?.has(placeName(place)) === true;

  const later = steps.findIndex((step, at) => at > version && !isSamePlace(placeIn(step), here));
  if (later !== -1 && isDrained(later, here)) return { judgement: 'past', isLeaving: false, returnedAfter: [] };

  const pending = steps.flatMap((step, at) => {
    const before = steps[at - 1];
    if (!before || at > version || step.drainedAt !== undefined) return [];
    const from = placeIn(before);
    return isSamePlace(from, placeIn(step)) || isDrained(at, from) ? [] : [{ at, from }];
  });
  return {
    judgement: pending.length > 0 ? 'held' : 'go',
    isLeaving: later !== -1,
    returnedAfter: pending.filter(({ at, from }) => at < version && isSamePlace(from, here)).map(({ at }) => at),
  };
}
