import { z } from 'zod';

/**
 * How a refund stands. REQUESTED: it is decided, and WeChat Pay has not taken it yet. WITHDRAWN: it was, and an operator has taken it back before
 * WeChat Pay knew of it. The others are WeChat Pay's own; a refund never goes back to one that is before it.
 */
export const refundStates = ['REQUESTED', 'WITHDRAWN', 'PROCESSING', 'ABNORMAL', 'SUCCESS', 'CLOSED'] as const;
export type RefundState = (typeof refundStates)[number];

/** One refund of one payment. Amounts are integers in 分. */
export const refundRowSchema = z.object({
  transaction_id: z.string(),
  /** Fixed before WeChat Pay is asked for the first time: whoever asks again with it gets no second refund. */
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  /** What is sent back. */
  refund: z.int().positive(),
  /** What was paid. */
  total: z.int().positive(),
  currency: z.string(),
  state: z.enum(refundStates),
  /** Why, in our words: the customer does not see them. */
  reason: z.string(),
  requested_at: z.string(),
  /** The operator who asked for it. */
  requested_by: z.string().optional(),
  /** When WeChat Pay was last about to be asked for it. */
  asked_at: z.string().optional(),
  withdrawn: z.object({ at: z.string(), who: z.string(), why: z.string() }).optional(),
  /** WeChat Pay's number, once it has one. */
  refund_id: z.string().optional(),
  settled_at: z.string().optional(),
  /** When its money was back, as WeChat Pay says. */
  success_time: z.string().optional(),
});

export type RefundRow = Readonly<z.infer<typeof refundRowSchema>>;

/** A refund that is just decided. */
export type NewRefund = Omit<
  RefundRow,
  'state' | 'asked_at' | 'withdrawn' | 'refund_id' | 'settled_at' | 'success_time'
>;

export type RefundKey = Pick<RefundRow, 'transaction_id' | 'out_refund_no'>;

/** Of one payment. */
export interface RefundSums {
  /** What was paid. */
  readonly total: number;
  /** What is asked to be sent back, and was neither refused nor withdrawn. Never above `total`. */
  readonly reserved: number;
  /** What is back. */
  readonly refunded: number;
  /** The last of those that are. */
  readonly last?: { readonly refund_id: string; readonly success_time: string } | undefined;
}

/** All that was paid is back. `undefined`: nobody has asked for any of it. */
export function isAllBack(sums: RefundSums | undefined): sums is RefundSums {
  return sums !== undefined && sums.refunded >= sums.total;
}

/** All that was paid is back, or on its way: nothing is left to be asked for. */
export function isAllReserved(sums: Pick<RefundSums, 'reserved' | 'total'> | undefined): boolean {
  return sums !== undefined && sums.reserved >= sums.total;
}

/** Nothing more will come of it by itself. */
export function isSettled({ state }: Pick<RefundRow, 'state'>): boolean {
  return state === 'SUCCESS' || !isReserved(state);
}

/** Its money is not free for another refund of the payment. */
export function isReserved(state: RefundState): boolean {
  return state !== 'CLOSED' && state !== 'WITHDRAWN';
}

/** What WeChat Pay tells of it is older than what we know, or the same. */
export function isPast(known: RefundState, told: RefundState): boolean {
  const rank: Readonly<Record<RefundState, number>> = {
    REQUESTED: 0,
    WITHDRAWN: 0,
    PROCESSING: 1,
    ABNORMAL: 2,
    SUCCESS: 3,
    CLOSED: 3,
  };
  return rank[told] <= rank[known];
}
