import { beijingDate } from '../../orders/order-agenda.ts';
import type { PaidOrder } from './known.ts';

const dayMs = 24 * 3_600_000;

/** A payment that succeeds this close to midnight may be in the bill of either day. */
export const marginMs = 5 * 60_000;

/** `2026-11-26`: when that day of Beijing begins. */
export function startOf(date: string): number {
  return Date.parse(`${date}T00:00:00+08:00`);
}

export function dayBefore(date: string): string {
  return beijingDate(new Date(startOf(date) - dayMs));
}

/**
 * Whether the comparison of that day looks for the order in the bill: a day from five minutes before it begins to five minutes before it ends.
 * So each order is looked for once, and the last minutes of a day when the bill of the next one is there as well.
 */
export function isExpectedIn(date: string, { paidAt }: Pick<PaidOrder, 'paidAt'>): boolean {
  const sinceStart = Date.parse(paidAt) - startOf(date);
  return sinceStart >= -marginMs && sinceStart < dayMs - marginMs;
}

/** It may be in the bill of the day before. */
export function isNearStartOf(date: string, { paidAt }: Pick<PaidOrder, 'paidAt'>): boolean {
  return Math.abs(Date.parse(paidAt) - startOf(date)) <= marginMs;
}
