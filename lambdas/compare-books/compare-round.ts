import pMap from 'p-map';
import type { BookPage, BookPages, PagedBook } from '../shared/books/book-pages.ts';
import { type ComparedOrder, type CompareOrderDeps, compareOrder } from '../shared/books/compare-order.ts';
import type { Difference } from '../shared/books/difference.ts';
import { countPage, goodsDifference, isNone, isSame, surplusOf } from './count-goods.ts';
import { newRound, onwards, type Round, type RoundStore, type Step } from './round.ts';

/** Keeps one difference for a person, once. Answers whether nobody knew of it: no row waits for a person, and none was discarded. */
export type Report = (difference: Difference) => Promise<boolean>;

export interface CompareRoundDeps extends CompareOrderDeps {
  readonly pages: BookPages;
  readonly round: RoundStore;
  readonly report: Report;
  /** Rows of a page. */
  readonly pageSize: number;
  /** A new round begins so long after the last one began. */
  readonly roundEveryMs: number;
  /** New ones in one run. More than that is no difference here and there: something is wrong as a whole. */
  readonly mostDifferences: number;
}

export interface Tally {
  compared: number;
  /** They differ, and have moved a moment ago. */
  moving: number;
  differences: number;
  /** Of these: nobody knew of them. */
  newDifferences: number;
}

export const noTally: Readonly<Tally> = { compared: 0, moving: 0, differences: 0, newDifferences: 0 };

/** So many differences have one cause, and a row for each would help nobody. What was found until then is reported. */
export class TooManyDifferencesError extends Error {
  override readonly name = 'TooManyDifferencesError';

  constructor(differences: number) {
    super(
      `${differences} new differences in one run: it stops here, and the next run goes on here. Look for what they have in common, such as a consumer that is stopped, or a table that was restored`,
    );
  }
}

/** Orders compared at a time; each takes up to six reads. */
const concurrency = 16;

/** Goes on with the round where the last run stopped, for as long as there is time. Throws a `TooManyDifferencesError`. */
export async function compareRound(
  hasTime: () => boolean,
  deps: CompareRoundDeps,
): Promise<Tally & { isEnded: boolean }> {
  const tally: Tally = { ...noTally };
  let round = dueRound(await deps.round.load(), deps);
  while (round.step !== undefined && hasTime()) {
    round = await comparePage(round, round.step, tally, deps);
    await deps.round.save(round);
    if (tally.newDifferences > deps.mostDifferences) throw new TooManyDifferencesError(tally.newDifferences);
  }
  return { ...tally, isEnded: round.step === undefined };
}

/** A round may take so many times as long as there is between two of them. What stops it at one page must not keep all before that from being compared. */
const mostRounds = 3;

function dueRound(last: Round | undefined, { now, roundEveryMs }: CompareRoundDeps): Round {
  if (!last) return newRound(now());
  const age = now().getTime() - Date.parse(last.started_at);
  const isOver = age >= (last.step === undefined ? roundEveryMs : mostRounds * roundEveryMs);
  return isOver ? newRound(now()) : last;
}

/** A reservation's time is taken before it is written, by the clock of another machine, and a write is tried again. */
const writeMs = 60_000;

/** Both walks count from the beginning of the first: what that one has missed moves for the second, and cannot be missing twice. */
function countingFrom(round: Round, step: Step, now: Date): Round {
  const begins = step === 'stock' && round.after === undefined;
  return begins ? { ...round, counting_since: new Date(now.getTime() - writeMs).toISOString() } : round;
}

async function comparePage(last: Round, step: Step, tally: Tally, deps: CompareRoundDeps): Promise<Round> {
  const round = countingFrom(last, step, deps.now());
  const page = await deps.pages.page(bookOf(step), round.after, deps.pageSize);
  if (step !== 'recount') {
    await compareOrders(await numbersOf(step, page, deps), tally, deps);
    await reportAll(page.unreadable.map(unreadableRow), tally, deps);
  }
  if (step === 'orders' || step === 'ledger') return onwards(round, page.next);
  const since = new Date(round.counting_since ?? round.started_at);
  const counts = countPage(round.counts, page, since);
  const counted = { ...round, counts, lacks_reservations: page.lacksReservations || round.lacks_reservations };
  if (page.next !== undefined) return onwards(counted, page.next);
  return onwards(await judgeGoods(counted, step, tally, deps), undefined);
}

const bookOf = (step: Step): PagedBook => (step === 'recount' ? 'stock' : step);

/** All orders, and of the other books what no order is there for. */
async function numbersOf(step: Step, { numbers }: BookPage, { pages }: CompareRoundDeps): Promise<readonly string[]> {
  if (step === 'orders') return numbers;
  const known = await pages.known(numbers);
  return numbers.filter((number) => !known.has(number));
}

/** Each for itself: answers how each ended. */
export async function compareOrders(
  numbers: readonly string[],
  tally: Tally,
  deps: CompareOrderDeps & { readonly report: Report },
): Promise<readonly ComparedOrder[]> {
  return pMap(
    numbers,
    async (number) => {
      const compared = await compareOrder(number, deps);
      tally.compared += compared.outcome === 'unknown' ? 0 : 1;
      if (compared.outcome === 'moving') tally.moving += 1;
      if (compared.outcome === 'compared') await reportAll(compared.differences, tally, deps);
      return compared;
    },
    { concurrency },
  );
}

function unreadableRow(id: string): Difference {
  return {
    kind: 'unreadable',
    of: 'row',
    subject: id,
    books: ['Stock', 'the others'],
    terms: [{ what: id, one: 'not as it should be', other: 'not compared' }],
  };
}

/** What does not fit is counted once more; the same twice is a difference. */
async function judgeGoods(counted: Round, step: Step, tally: Tally, deps: CompareRoundDeps): Promise<Round> {
  const { lacks_reservations, ...round } = counted;
  // Of which goods, nobody can say: their sum is too small.
  if (lacks_reservations) return { ...round, counts: {}, suspects: {} };
  const before = new Map(Object.entries(round.suspects));
  const suspects: Record<string, { reserved: number; sold: number }> = {};
  const skus = Object.entries(round.counts).filter(([sku]) => step === 'stock' || before.has(sku));
  for (const [sku, count] of skus) {
    const goods = await deps.pages.goods(sku);
    if (!goods) continue;
    const surplus = surplusOf(count, goods);
    if (surplus === undefined) tally.moving += 1;
    if (surplus === undefined || isNone(surplus)) continue;
    suspects[sku] = surplus;
    const first = before.get(sku);
    if (first && isSame(first, surplus)) await reportAll([goodsDifference(goods, count)], tally, deps);
  }
  return { ...round, counts: {}, suspects: step === 'stock' ? suspects : {} };
}

async function reportAll(
  differences: readonly Difference[],
  tally: Tally,
  { report }: Pick<CompareRoundDeps, 'report'>,
): Promise<void> {
  for (const difference of differences) {
    const isNew = await report(difference);
    tally.differences += 1;
    tally.newDifferences += isNew ? 1 : 0;
  }
}
