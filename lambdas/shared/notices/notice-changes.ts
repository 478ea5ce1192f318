import type { Operator } from '../exceptions/exception-store.ts';
import type { Example, NoticeRow } from './notice-row.ts';

/** A row that begins to wait for somebody. */
export interface Opened extends Example {
  readonly fingerprint: string;
  readonly place: string;
  readonly error_name: string;
  readonly impact?: string | undefined;
}

/** In seconds. */
export interface NoticeTimes {
  /** After a notice, what comes in that time is only counted. */
  readonly window: number;
  /** A notice that nobody acknowledges is escalated after that, again and again. */
  readonly escalateAfter: number;
  /** Longer than whoever tells on-call can live: after that it is dead, and another may tell. */
  readonly lease: number;
  /** How long a row is kept after the last thing that was told. */
  readonly keep: number;
}

/** When, and by whom: `id` is of one attempt to tell on-call. */
export interface Now {
  readonly now: Date;
  readonly times: NoticeTimes;
}

const isLeased = ({ sending }: NoticeRow, now: Date): boolean =>
  sending !== undefined && now.toISOString() < sending.until;

const isWindowOver = ({ window_ends_at }: NoticeRow, now: Date): boolean => now.toISOString() >= window_ends_at;

/**
 * These rows of one fingerprint came. Claims the notice (`sending` has the id) when there is one to send now and nobody is sending it. The rest
 * is left to the watch: what comes within a window, also by the stream for a second time, and a notice whose sender dies.
 */
export function noted(
  row: NoticeRow | undefined,
  opened: readonly [Opened, ...Opened[]],
  id: string,
  { now, times }: Now,
): NoticeRow {
  const byTime = opened.toSorted((one, other) => compare(one.at, other.at));
  const [first = opened[0], last = opened[0]] = [byTime[0], byTime.at(-1)];
  const { fingerprint, place, error_name, impact } = last;
  const begun: NoticeRow = row ?? {
    ...{ fingerprint, place, error_name, first, last, version: 0, untold: 0, told: 0, history: [] },
    ...{ untold_from: first.at, counted_from: first.at },
    window_ends_at: now.toISOString(),
  };
  const changed: NoticeRow = {
    ...begun,
    ...{ place, error_name, impact },
    first: exampleOf(begun.untold > 0 ? begun.first : first),
    last: exampleOf(begun.untold > 0 && begun.last.at > last.at ? begun.last : last),
    untold: begun.untold + opened.length,
    // It was quiet, and begins anew. By its own time, whatever was told before: the clock it was written by may be slow.
    ...(begun.untold === 0 && isWindowOver(begun, now) && { told: 0, untold_from: first.at, counted_from: first.at }),
  };
  return isWindowOver(changed, now) && !isLeased(changed, now)
    ? claimed(changed, 'notice', id, { now, times })
    : changed;
}

/** What the watch has to do about a row. */
export function dueIn(row: NoticeRow, { now, times }: Now): 'notice' | 'escalation' | undefined {
  if (isLeased(row, now)) return undefined;
  if (row.untold > 0 && isWindowOver(row, now)) return 'notice';
  const { alerted_at, escalated_at = alerted_at } = row;
  if (escalated_at === undefined || now.toISOString() < after(new Date(escalated_at), times.escalateAfter))
    return undefined;
  return 'escalation';
}

/** Nobody else tells on-call now. It counts as alerted from here on: whoever is told may acknowledge at once. */
export function claimed(row: NoticeRow, kind: 'notice' | 'escalation', id: string, { now, times }: Now): NoticeRow {
  const alerted_at = row.alerted_at ?? now.toISOString();
  return { ...row, alerted_at, sending: { kind, id, until: after(now, times.lease) } };
}

/** What a notice has told of: all that was noted by then, and what the table held. */
export interface Told {
  readonly noted: number;
  /** Since `counted_from`. */
  readonly total: number;
  /** The newest of them. */
  readonly until: string;
}

/** On-call was told. Undefined when somebody else has taken over. */
export function noticed(
  row: NoticeRow | undefined,
  id: string,
  { noted: notedBefore, total, until }: Told,
  { now, times }: Now,
): NoticeRow | undefined {
  if (row?.sending?.id !== id) return undefined;
  const { sending: _, ...rest } = row;
  return {
    ...rest,
    told: Math.max(row.told, total),
    // Some may have come while it was sent.
    untold: Math.max(0, row.untold - notedBefore),
    untold_from: new Date(Date.parse(until) + 1).toISOString(),
    window_ends_at: after(now, times.window),
    expires_at: expiry(now, times),
  };
}

/** All that was noted had been told: the stream has handed it over again. */
export function quieted(row: NoticeRow, { untold }: Pick<NoticeRow, 'untold'>): NoticeRow {
  return { ...row, untold: Math.max(0, row.untold - untold) };
}

/** It was escalated, unless somebody has taken over. */
export function escalated(row: NoticeRow | undefined, id: string, { now, times }: Now): NoticeRow | undefined {
  if (row?.sending?.id !== id) return undefined;
  const { sending: _, ...rest } = row;
  const escalated_at = row.alerted_at === undefined ? undefined : now.toISOString();
  return { ...rest, escalated_at, expires_at: expiry(now, times) };
}

/** On-call could not be told: the next one tries. Undefined when somebody else has taken over. */
export function released(row: NoticeRow | undefined, id: string): NoticeRow | undefined {
  if (row?.sending?.id !== id) return undefined;
  const { sending: _, ...rest } = row;
  return rest;
}

/** Nothing of it waits for anybody: there is nothing to escalate. */
export function calmed({ alerted_at: _, escalated_at: __, ...row }: NoticeRow): NoticeRow {
  return row;
}

/** Most of what is kept of who did what. */
const mostActs = 50;

/** Somebody sees to it. Undefined when there is nothing that anybody waits for. */
export function acknowledged(row: NoticeRow | undefined, { who, why }: Operator, now: Date): NoticeRow | undefined {
  if (row?.alerted_at === undefined) return undefined;
  const act = { at: now.toISOString(), who, act: 'acknowledge', why };
  return { ...calmed(row), history: [...row.history, act].slice(-mostActs) };
}

function exampleOf({ event_id, source, business_key, at }: Example): Example {
  return { event_id, source, business_key, at };
}

function after(time: Date, seconds: number): string {
  return new Date(time.getTime() + seconds * 1000).toISOString();
}

function expiry(now: Date, { keep }: NoticeTimes): number {
  return Math.floor(now.getTime() / 1000) + keep;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
