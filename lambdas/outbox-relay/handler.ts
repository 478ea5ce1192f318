import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { deadlineOf } from '../shared/deadline.ts';
import type { HoldsForRelay } from '../shared/outbox/holds.ts';
import { loadInOrder } from '../shared/outbox/load-in-order.ts';
import type { Relay } from '../shared/outbox/relay.ts';
import { notesOf, type RowReader, type StoredRow } from '../shared/outbox/stored-row.ts';
import type { Meter } from '../shared/telemetry/telemetry.ts';
import { rowsIn } from './stream-rows.ts';

export interface HandlerDeps {
  readonly relay: Relay;
  readonly reader: RowReader;
  readonly holds: HoldsForRelay;
  readonly meter: Meter;
}

/**
 * New outbox rows, in stream order → broker → mark. The stream says that there are rows; what is to be done about them says the table. It moves
 * on when every row is delivered, or an exception, or waits in a hold for the sweep: a row that cannot be delivered stops its own
 * aggregate, not its shard. Only when the tables do not answer it throws, and the stream hands the batch over again.
 */
export function createHandler({ relay, reader, holds, meter }: HandlerDeps) {
  return async (event: DynamoDBStreamEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const images = rowsIn(event);
    // Before the rows are read: a hold that ends in between has delivered what it was for.
    const held = await holds.heldOf([...new Set(images.map(({ aggregate }) => aggregate))]);
    const rows = await loadInOrder(reader, images, images);
    const aggregates = [...Map.groupBy(rows, ({ aggregate }) => aggregate).values()];
    const free = await Promise.all(aggregates.map(async (some) => ((await waits(some, held)) ? [] : some)));
    const left = await relay(free, { deadline: deadlineOf(context) });
    await Promise.all(left.map(hold));
  };

  /** Whether they wait behind others of their aggregate: not if its hold has ended meanwhile. */
  async function waits(rows: readonly StoredRow[], held: ReadonlySet<string>): Promise<boolean> {
    const pending = rows.filter((row) => !notesOf(row).isDone);
    const [first] = pending;
    if (!first || !held.has(first.aggregate)) return false;
    const isHeld = await holds.waitBehind(first.aggregate, pending.map(idOf));
    if (isHeld) for (const _ of pending) meter.count('OutboxRows', { outcome: 'waits' });
    return isHeld;
  }

  async function hold(left: readonly StoredRow[]): Promise<void> {
    const [first] = left;
    if (first) await holds.hold(first.aggregate, left.map(idOf));
  }
}

function idOf({ event_id }: StoredRow): string {
  return event_id;
}
