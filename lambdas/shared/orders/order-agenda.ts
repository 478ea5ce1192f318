import { type AgendaEntry, agendaEntry } from '../agenda/agenda.ts';
import type { Order } from './order.ts';

/** Orders that wait for their payment, since when. */
export const unpaidTopic = 'unpaid';

/** Orders paid on a day of Beijing, by the times of their payments: what WeChat Pay's bill of that day is compared with. `date`: 2026-11-27. */
export const paidTopic = (date: string): string => `paid#${date}`;

/** What is still to be looked at of an order in its state. `undefined`: nothing. */
export function agendaOf(order: Order, now: Date): AgendaEntry | undefined {
  if (order.state === 'PAYING') return agendaEntry(unpaidTopic, order.out_trade_no, now);
  if (order.state === 'CLOSED') return undefined;
  const paidAt = new Date(order.paid_at);
  return agendaEntry(paidTopic(beijingDate(paidAt)), order.out_trade_no, paidAt);
}

/** WeChat Pay's day: UTC+8, without summer time. */
export function beijingDate(time: Date): string {
  return new Date(time.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}
