import type { Exceptions, NewException, Replayed } from '../../../../../lambdas/shared/exceptions/exceptions.ts';
import type { Hold, HoldsForRelay, HoldsForSweep } from '../../../../../lambdas/shared/outbox/holds.ts';
import type { OutboxMessage } from '../../../../../lambdas/shared/outbox/outbox-message.ts';
import { type OutboxRow, toRow } from '../../../../../lambdas/shared/outbox/outbox-row.ts';
import {
  keyText,
  notesOf,
  type RowKey,
  type RowMarks,
  type RowReader,
  type StoredRow,
} from '../../../../../lambdas/shared/outbox/stored-row.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { message, now } from '../../builders.ts';

/** `a1` is message 1 of aggregate a. */
export function outboxMessage(id: string, changes: Partial<Message> = {}, delayMs?: number): OutboxMessage {
  return { aggregate: id.slice(0, 1), message: message({ properties: { message_id: id }, ...changes }), delayMs };
}

export function row(id: string, changes: Partial<Message> = {}, after?: string): OutboxRow {
  return toRow(outboxMessage(id, changes), now, after);
}

export function storedRow(item: OutboxRow): StoredRow {
  return { aggregate: item.aggregate, event_id: item.event_id, item };
}

/** The outbox table in memory: rows as they were put, and what was noted in them. */
export class MemoryRows implements RowReader, RowMarks {
  readonly items = new Map<string, Readonly<Record<string, unknown>>>();
  loads = 0;

  constructor(...rows: readonly OutboxRow[]) {
    for (const one of rows) this.put(one);
  }

  put(item: OutboxRow): void {
    this.items.set(keyText(item), item);
  }

  async load(keys: readonly RowKey[]): Promise<StoredRow[]> {
    this.loads++;
    // Backwards: the order of an answer means nothing.
    return keys.toReversed().flatMap(({ aggregate, event_id }) => {
      const item = this.items.get(keyText({ aggregate, event_id }));
      return item ? [{ aggregate, event_id, item }] : [];
    });
  }

  async relayed(key: RowKey): Promise<void> {
    this.note(key, { relayed_at: 'now', pending: undefined, undelivered_to: undefined });
  }

  async left(key: RowKey, missing: readonly string[]): Promise<void> {
    this.note(key, { undelivered_to: missing });
  }

  async excepted(key: RowKey): Promise<void> {
    this.note(key, { exception_at: 'now', pending: undefined });
  }

  /** What the index of undelivered rows answers. */
  pendingBefore(time: Date): RowKey[] {
    return [...this.items.values()]
      .filter(({ pending, created_at }) => pending !== undefined && String(created_at) < time.toISOString())
      .map(({ aggregate, event_id }) => ({ aggregate: String(aggregate), event_id: String(event_id) }));
  }

  /** `event id what became of it`, in the order of the ids. */
  fates(): string[] {
    return [...this.items.values()]
      .map((item) => {
        const fate = item['relayed_at'] ? 'relayed' : item['exception_at'] ? 'exception' : 'pending';
        return `${item['event_id']} ${fate}`;
      })
      .sort();
  }

  missing(id: string): readonly string[] | undefined {
    const item = this.items.get(keyText({ aggregate: id.slice(0, 1), event_id: id })) ?? {};
    return notesOf({ aggregate: '', event_id: id, item }).missing;
  }

  private note(key: RowKey, notes: Readonly<Record<string, unknown>>): void {
    const item = this.items.get(keyText(key));
    if (item) this.items.set(keyText(key), { ...item, ...notes });
  }
}

export class MemoryHolds implements HoldsForRelay, HoldsForSweep {
  readonly holds = new Map<string, Hold>();
  private readonly now: () => Date;

  constructor(time: () => Date = () => now) {
    this.now = time;
  }

  async hold(aggregate: string, eventIds: readonly string[]): Promise<void> {
    const { since = this.now(), waiting = [], version = 0 } = this.holds.get(aggregate) ?? {};
    this.holds.set(aggregate, { aggregate, since, waiting: [...waiting, ...eventIds], version: version + 1 });
  }

  async waitBehind(aggregate: string, eventIds: readonly string[]): Promise<boolean> {
    const isHeld = this.holds.has(aggregate);
    if (isHeld) await this.hold(aggregate, eventIds);
    return isHeld;
  }

  async heldOf(aggregates: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(aggregates.filter((one) => this.holds.has(one)));
  }

  async begin(aggregate: string, eventIds: readonly string[]): Promise<void> {
    if (!this.holds.has(aggregate)) await this.hold(aggregate, eventIds);
  }

  async *all(): AsyncIterable<readonly Hold[]> {
    yield [...this.holds.values()];
  }

  async settle({ aggregate, since, version }: Hold, waiting: readonly string[], progressed: boolean): Promise<void> {
    if (this.holds.get(aggregate)?.version !== version) return;
    if (waiting.length === 0) this.holds.delete(aggregate);
    else
      this.holds.set(aggregate, { aggregate, since: progressed ? this.now() : since, waiting, version: version + 1 });
  }

  /** Who waits, by aggregate. */
  waiting(): Record<string, readonly string[]> {
    return Object.fromEntries([...this.holds].map(([aggregate, { waiting }]) => [aggregate, waiting]));
  }
}

export class MemoryExceptions implements Exceptions {
  readonly opened: NewException[] = [];
  /** What every call ends in. */
  broken: Error | undefined;
  /** The event id of one that cannot be stored. */
  refused: string | undefined;

  async open(exception: NewException): Promise<void> {
    if (this.broken) throw this.broken;
    if (this.refused === exception.eventId) throw new Error(`${exception.eventId} is refused`);
    this.opened.push(exception);
  }

  /** Replays that were told of. */
  readonly resolved: Replayed[] = [];

  async resolve(replayed: Replayed): Promise<void> {
    if (this.broken) throw this.broken;
    this.resolved.push(replayed);
  }

  /** `event id: why`. */
  reasons(): string[] {
    return this.opened.map(({ eventId, reason, error }) => `${eventId} ${reason}: ${error.message}`);
  }
}
