import { z } from 'zod';

export interface RowKey {
  readonly aggregate: string;
  readonly event_id: string;
}

/** A row as it was read, whatever its shape: its key is right, the rest is for the relay to judge. */
export interface StoredRow extends RowKey {
  readonly item: Readonly<Record<string, unknown>>;
}

/** What has become of a row so far. */
export interface RowNotes {
  /** Queues that have not stored their copy, once a delivery has stopped half way. Absent: none was tried, or not noted. */
  readonly missing?: readonly string[] | undefined;
  /** It was delivered, or is an exception: nothing is left to do. */
  readonly isDone: boolean;
}

const notesSchema = z.object({
  undelivered_to: z.array(z.string()).min(1).optional().catch(undefined),
  relayed_at: z.string().optional(),
  exception_at: z.string().optional(),
});

export function notesOf({ item }: StoredRow): RowNotes {
  const { undelivered_to, relayed_at, exception_at } = notesSchema.parse(item);
  return { missing: undelivered_to, isDone: relayed_at !== undefined || exception_at !== undefined };
}

/** The row it must not overtake, if it was not the first of its aggregate in its transaction. */
export function predecessorOf({ aggregate, item }: StoredRow): RowKey | undefined {
  const after = item['after'];
  return typeof after === 'string' && after !== '' ? { aggregate, event_id: after } : undefined;
}

export function keyText({ aggregate, event_id }: RowKey): string {
  return JSON.stringify([aggregate, event_id]);
}

/** Rows at rest, for whoever delivers them. */
export interface RowReader {
  /** MUST answer the rows as they are now, with every write that has been answered before; what is gone is left out. Any order. */
  load(keys: readonly RowKey[]): Promise<StoredRow[]>;
}

/** Notes what became of a row. A note that is lost only means that the row is delivered again, with the same event id. */
export interface RowMarks {
  /** MUST let the row expire. */
  relayed(key: RowKey): Promise<void>;
  /** It stays undelivered. MUST be without effect on a row that is gone, as all of them. */
  left(key: RowKey, missing: readonly string[]): Promise<void>;
  /** It is an exception now. MUST keep the row. */
  excepted(key: RowKey): Promise<void>;
}
