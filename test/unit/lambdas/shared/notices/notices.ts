import type { ListedException } from '../../../../../lambdas/shared/exceptions/exception-row.ts';
import type { NoticeTimes, Opened } from '../../../../../lambdas/shared/notices/notice-changes.ts';
import type { NoticeRow } from '../../../../../lambdas/shared/notices/notice-row.ts';
import type { OnCallMessage } from '../../../../../lambdas/shared/notices/notice-text.ts';
import type { Notices } from '../../../../../lambdas/shared/notices/notices.ts';

export const times: NoticeTimes = { window: 3_600, escalateAfter: 1_800, lease: 60, keep: 86_400 };

/** So many seconds after 10:00. */
export function at(seconds: number): Date {
  return new Date(Date.parse('2026-11-27T10:00:00.000Z') + seconds * 1000);
}

export function opened(seconds: number, changes: Partial<Opened> = {}): Opened {
  return {
    event_id: `event-${seconds}`,
    source: "queue 'orders.payments' 01",
    fingerprint: 'a1b2c3d4e5f6',
    place: "queue 'orders.payments'",
    error_name: 'TypeError',
    impact: 'Customers have paid, and their orders are still PAYING.',
    business_key: `order:${seconds}`,
    at: at(seconds).toISOString(),
    ...changes,
  };
}

/** Told at `noticedAt` of what came then. */
export function row(noticedAt: number, changes: Partial<NoticeRow> = {}): NoticeRow {
  const { fingerprint, place, error_name, impact, ...example } = opened(noticedAt);
  return {
    ...{ fingerprint, place, error_name, impact },
    version: 2,
    first: example,
    last: example,
    untold: 0,
    counted_from: at(noticedAt).toISOString(),
    untold_from: new Date(at(noticedAt).getTime() + 1).toISOString(),
    window_ends_at: at(noticedAt + times.window).toISOString(),
    told: 1,
    alerted_at: at(noticedAt).toISOString(),
    history: [],
    ...changes,
  };
}

/** As `Notices` must be. Each method may be made to fail once. */
export class MemoryNotices implements Notices {
  readonly rows = new Map<string, NoticeRow>();

  async get(fingerprint: string): Promise<NoticeRow | undefined> {
    return this.rows.get(fingerprint);
  }

  async put(row: NoticeRow, seen: number | undefined): Promise<boolean> {
    if (this.rows.get(row.fingerprint)?.version !== seen) return false;
    this.rows.set(row.fingerprint, structuredClone(row));
    return true;
  }

  async *all(): AsyncIterable<NoticeRow> {
    yield* [...this.rows.values()];
  }
}

/** The exceptions table's index, as far as notices ask it. */
export class MemoryExceptions {
  readonly rows: ListedException[] = [];

  add(one: Opened, state: ListedException['state'] = 'open'): void {
    const { at: last_at, fingerprint, event_id, source, place, error_name, business_key } = one;
    const counted = { occurrences: 1, version: 1, reason: 'rejected', error_message: 'secret words' };
    this.rows.push({
      ...{ fingerprint, event_id, source, place, error_name, business_key, state, last_at },
      created_at: last_at,
      ...counted,
    });
  }

  async *find(query: { readonly fingerprint?: string; readonly since?: string | undefined }) {
    const { since = '' } = query;
    const found = this.rows.filter(({ fingerprint, last_at }) => fingerprint === query.fingerprint && last_at >= since);
    yield* found.toSorted((one, other) => (one.last_at < other.last_at ? -1 : 1));
  }
}

/** A topic that remembers what it was told. */
export class MemoryTopic {
  readonly told: OnCallMessage[] = [];
  listeners = 1;
  /** Of the next `tell`. */
  failure: Error | undefined;

  async tell(message: OnCallMessage): Promise<void> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    this.told.push(message);
  }

  async countListeners(): Promise<number> {
    return this.listeners;
  }
}
