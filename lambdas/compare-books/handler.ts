import type { Context } from 'aws-lambda';
import { z } from 'zod';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import { type CompareRoundDeps, compareOrders, compareRound, noTally, type Tally } from './compare-round.ts';

export interface HandlerDeps extends CompareRoundDeps {
  readonly log: Log;
  readonly meter: Meter;
}

/** `orders`: these alone, now; the round stays where it is. */
const requestSchema = z.object({ orders: z.array(z.string().min(1).max(32)).min(1).max(100).optional() });

/** It asks for something else than a few orders, or the next part of the round. */
export class CompareBooksRequestError extends Error {
  override readonly name = 'CompareBooksRequestError';
}

/** What a person who ran it sees. */
export interface BooksCompared extends Readonly<Tally> {
  /** Of those that were asked for: no book has them. */
  readonly unknown?: readonly string[];
  /** Every row of every book was compared, in this run or those before. */
  readonly isEnded?: boolean;
}

/** A page may take so long: another one is begun only with that much time left. */
const pageMs = 30_000;

/** Compares the books of orders with each other: a few orders, or all of them in rounds that go on from run to run. */
export function createHandler(deps: HandlerDeps) {
  return async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<BooksCompared> => {
    const { orders } = parse(event);
    const compared = orders
      ? await compareThese(orders)
      : await goOn(() => context.getRemainingTimeInMillis() > pageMs);
    const { unknown = [], ...counts } = compared;
    deps.log.info('books compared', { ...counts, unknown: unknown.length });
    return compared;
  };

  async function compareThese(orders: readonly string[]): Promise<BooksCompared> {
    const tally: Tally = { ...noTally };
    const ended = await compareOrders(orders, tally, deps);
    return { ...tally, unknown: orders.filter((_, at) => ended[at]?.outcome === 'unknown') };
  }

  async function goOn(hasTime: () => boolean): Promise<BooksCompared> {
    const compared = await compareRound(hasTime, deps);
    deps.meter.count('BookRuns', { outcome: compared.isEnded ? 'ended' : 'goes on' });
    return compared;
  }
}

function parse(event: unknown): z.infer<typeof requestSchema> {
  const { success, data } = requestSchema.safeParse(event);
  if (success) return data;
  throw new CompareBooksRequestError(
    'ask for {"orders": ["…"]}, 1 to 100 order numbers, or for {}: the next part of the round',
  );
}
