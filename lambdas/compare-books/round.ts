import { z } from 'zod';

/** In this order. `recount`: the stock once more, for goods whose count did not fit. */
export const steps = ['orders', 'ledger', 'stock', 'recount'] as const;
export type Step = (typeof steps)[number];

const pieces = z.object({ reserved: z.int(), sold: z.int() });

/** Of one kind of goods, so far. */
const countSchema = z.object({
  /** Over all reservations. */
  sum: pieces,
  /** What its own row said when that was read. */
  row: pieces.optional(),
  /** One of its reservations has moved while it was counted: the sum is of no moment. */
  moves: z.boolean(),
});

/** One walk through all books, and where it is. */
export const roundSchema = z.object({
  started_at: z.string(),
  /** Absent: it has come to its end. */
  step: z.enum(steps).optional(),
  /** The last key that is done. */
  after: z.string().optional(),
  /** When the first walk through the stock began: what has changed since may be seen before its change in one row, and after it in another. */
  counting_since: z.string().optional(),
  /** By sku. */
  counts: z.record(z.string(), countSchema),
  /** A reservation could not be read. */
  lacks_reservations: z.boolean().optional(),
  /** By sku, what the first count lacked, or had too much. */
  suspects: z.record(z.string(), pieces),
});

export type Round = Readonly<z.infer<typeof roundSchema>>;
export type GoodsCount = Readonly<z.infer<typeof countSchema>>;
export type Pieces = Readonly<z.infer<typeof pieces>>;

/** Where a round is, so that the next run goes on there. */
export interface RoundStore {
  load(): Promise<Round | undefined>;
  save(round: Round): Promise<void>;
}

export function newRound(now: Date): Round {
  return { started_at: now.toISOString(), step: 'orders', counts: {}, suspects: {} };
}

/** After a page: the next page of the same book, or the beginning of the next book. */
export function onwards(round: Round, next: string | undefined): Round {
  const { step, after: _, ...rest } = round;
  if (next !== undefined) return { ...rest, step, after: next };
  const following = step && steps[steps.indexOf(step) + 1];
  if (following === undefined) return { ...rest, step: undefined };
  // Nothing to count again.
  if (following === 'recount' && Object.keys(round.suspects).length === 0) return { ...rest, step: undefined };
  return { ...rest, step: following };
}
