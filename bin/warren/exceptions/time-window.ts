import { InvalidArgumentError } from 'commander';
import { span } from '../backlog/spans.ts';
import { UsageError } from '../io.ts';

/** Part of each day. */
export interface TimeWindow {
  /** Minutes of the day; an end before the begin is on the next day. */
  readonly from: number;
  readonly to: number;
}

/** When something may be done. */
export interface Schedule {
  /** Milliseconds since 1970. Default: at once. */
  readonly at?: number | undefined;
  /** Of each day, in that zone of the IANA database. Default: all day. */
  readonly window?: (TimeWindow & { readonly zone: string }) | undefined;
}

export interface TypedSchedule {
  readonly at?: number | undefined;
  readonly window?: TimeWindow | undefined;
  readonly timezone?: string | undefined;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** `01:00-06:00`. */
export function parseWindow(text: string): TimeWindow {
  const times = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number);
  const [fromHour = 24, fromMinute = 0, toHour = 24, toMinute = 0] = times ?? [];
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  if (Math.max(fromHour, toHour) < 24 && Math.max(fromMinute, toMinute) < 60 && from !== to) return { from, to };
  throw new InvalidArgumentError('From when to when, as 01:00-06:00 or 22:30-04:00.');
}

export function parseZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw new InvalidArgumentError('A time zone as UTC, Asia/Shanghai or Europe/Berlin.');
  }
}

/** A time that says its zone: at night nobody should have to guess whose three o'clock is meant. */
export function parseAt(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError('A time with its zone: YYYY-MM-DDThh:mm with Z or an offset such as +08:00.');
}

/** Throws a `UsageError` for a window in no zone, a zone of no window, or a time that is over: nobody means that as "at once". */
export function scheduleOf({ at, window, timezone }: TypedSchedule, now: number): Schedule {
  if (at !== undefined && at < now)
    throw new UsageError(
      `--at was ${span((now - at) / 1000)} ago: it is ${new Date(now).toISOString().slice(0, 16)}Z now. Leave it out to begin at once; nothing was done`,
    );
  if (window && timezone === undefined)
    throw new UsageError('say in which time zone the window is: --timezone Asia/Shanghai; nothing was done');
  if (!window && timezone !== undefined) throw new UsageError('--timezone is of a --window; nothing was done');
  return { at, ...(window && timezone !== undefined && { window: { ...window, zone: timezone } }) };
}

/** Milliseconds until it may be done, 0 when it may now. Where clocks are changed meanwhile it is an hour off: ask again before. */
export function untilOpen({ at = 0, window }: Schedule, now: number): number {
  if (now < at) return at - now;
  if (!window) return 0;
  const since = (timeOfDay(now, window.zone) - window.from * minuteMs + dayMs) % dayMs;
  const length = (window.to * minuteMs - window.from * minuteMs + dayMs) % dayMs;
  return since < length ? 0 : dayMs - since;
}

/** In milliseconds. */
function timeOfDay(now: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' });
  const part = (type: 'hour' | 'minute') => Number(format.formatToParts(now).find((one) => one.type === type)?.value);
  return (part('hour') * 60 + part('minute')) * minuteMs + (now % minuteMs);
}

/** As it is typed again: a time that is over has been waited for. */
export function typedSchedule({ at = 0, window }: Schedule, now: number): string {
  return [
    ...(at > now ? [`--at ${new Date(at).toISOString().replace('.000', '')}`] : []),
    ...(window ? [`--window ${clock(window.from)}-${clock(window.to)} --timezone ${window.zone}`] : []),
  ].join(' ');
}

export function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
