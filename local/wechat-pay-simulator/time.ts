import { setTimeout as sleep } from 'node:timers/promises';

/** A parameter, so that a test of 24 hours takes none. */
export interface Time {
  now(): Date;
  /** Rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realTime: Time = {
  now: () => new Date(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** RFC 3339 at UTC+8, as WeChat Pay writes times. */
export function beijingTime(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
