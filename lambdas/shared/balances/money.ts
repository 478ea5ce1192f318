import { z } from 'zod';
import type { OrderEvent, OrderState } from '../orders/order-event.ts';

/** What of an order's money the ledger knows. All of its payment, never a part: a part that goes back changes no entry. */
const moneyIn = {
  PAYING: [],
  CLOSED: [],
  PAID: ['received'],
  REFUNDING: ['received', 'on_its_way_back'],
  REFUNDED: ['received', 'sent_back'],
} as const satisfies Record<OrderState, readonly (typeof kinds)[number][]>;

const kinds = ['received', 'on_its_way_back', 'sent_back'] as const;

/** In 分. */
export type Money = Readonly<Record<(typeof kinds)[number], number>>;

export const noMoney: Money = { received: 0, on_its_way_back: 0, sent_back: 0 };

export function moneyOf({ state, amount }: Pick<OrderEvent, 'state' | 'amount'>): Money {
  const has: readonly string[] = moneyIn[state];
  return each((kind) => (has.includes(kind) ? amount.total : 0));
}

export function plus(one: Money, other: Money): Money {
  return each((kind) => one[kind] + other[kind]);
}

export function minus(one: Money, other: Money): Money {
  return each((kind) => one[kind] - other[kind]);
}

export function isNothing(money: Money): boolean {
  return kinds.every((kind) => money[kind] === 0);
}

/** As a counter has it: a sum that nothing was added to is not there. */
export const moneySchema = z.object({
  received: z.int().default(0),
  on_its_way_back: z.int().default(0),
  sent_back: z.int().default(0),
});

function each(value: (kind: keyof Money) => number): Money {
  return { received: value('received'), on_its_way_back: value('on_its_way_back'), sent_back: value('sent_back') };
}
