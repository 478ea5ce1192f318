import { differencesOf } from '../books/compare-books.ts';
import type { Term } from '../books/difference.ts';
import { hasSettled, isOnItsWay } from '../books/has-settled.ts';
import type { OrderState } from '../orders/order-event.ts';
import { isReserved, isSettled, type RefundRow } from '../refunds/refund-row.ts';
import type { StoryFacts } from './story-facts.ts';
import { linesOf, type StoryLine } from './story-lines.ts';

export interface Story {
  readonly out_trade_no: string;
  /** `undefined`: no row of Orders. */
  readonly state: OrderState | undefined;
  readonly lines: readonly StoryLine[];
  /** What has to happen next, and who sees to it; empty: nothing. */
  readonly waitsFor: readonly string[];
  /** Where the books do not agree, and nothing is on its way. */
  readonly differences: readonly string[];
  /** What an operator can do, as `warren` commands without their `--stage`. */
  readonly acts: readonly string[];
}

/** What has moved less than that ago may still be on its way from one book to the other. */
const settleMs = 60_000;

/** As long as the idempotency table knows an effect (`addConsumer` of lib/stacks/stateless-stack.ts); a test holds both to the same. */
export const recordsKeptMs = 48 * 24 * 60 * 60_000;

/** An order's whole story, and what it comes to now. */
export function storyOf(facts: StoryFacts, now: Date): Story {
  const { books, told } = facts;
  const settledAt = new Date(now.getTime() - settleMs);
  return {
    out_trade_no: books.out_trade_no,
    state: books.order?.state,
    lines: linesOf(facts),
    waitsFor: waitsFor(facts, now),
    differences: hasSettled(books, told, settledAt)
      ? differencesOf(books, settledAt).map(({ books: [one, other], terms }) =>
          terms.map((term) => words(term, one, other)).join('; '),
        )
      : [],
    acts: actsOf(facts),
  };
}

function words({ what, one, other }: Term, first: string, second: string): string {
  return `${what} is ${one} in ${first} and ${other} in ${second}`;
}

function waitsFor(facts: StoryFacts, now: Date): string[] {
  const { told, exceptions } = facts;
  const undelivered = told
    .filter(isOnItsWay)
    .map((row) => `${row.told}: the outbox delivers it, and tries again by itself`);
  const waiting = exceptions.filter(({ state }) => state === 'open' || state === 'parked');
  const persons = waiting.map(({ event_id, error_name }) => `a person, for the exception ${event_id} (${error_name})`);
  return [...ofState(facts, now), ...undelivered, ...persons];
}

function ofState(facts: StoryFacts, now: Date): string[] {
  const state = facts.books.order?.state;
  switch (state) {
    case 'PAYING':
      return ['its payment; reconcile asks WeChat Pay about it, and it is closed when its time to pay is over'];
    case 'PAID':
      return [...afterPayment(facts, now), ...openRefunds(facts.books.refunds)];
    case 'REFUNDING':
      return refundsUnderWay(facts.books.refunds);
    case 'CLOSED':
    case 'REFUNDED':
      return [];
    case undefined:
      return ['a person: there is no order, and what is told of it ends among the exceptions'];
    default:
      throw new Error(`no rule for ${state satisfies never}`);
  }
}

function afterPayment({ books, saga, fulfilment }: StoryFacts, now: Date): string[] {
  const { marks = {} } = saga ?? {};
  const isAccepted = marks['fulfilment accepted'] !== undefined;
  if (marks['fulfilment refused'] !== undefined || marks['goods unavailable'] !== undefined) {
    const both =
      'a person: it was both accepted and refused, or accepted without its goods, and nothing is sent back by itself';
    return [isAccepted ? both : 'its refund: it cannot be fulfilled'];
  }
  if (isAccepted || fulfilment?.isDone) return [];
  if (books.order?.items !== undefined && books.reservation?.state !== 'CONFIRMED')
    return ['its goods: stock confirms them'];
  const isLongAgo = now.getTime() - Date.parse(books.order?.paid_at ?? '') > recordsKeptMs;
  if (!saga && !fulfilment && isLongAgo) {
    const days = recordsKeptMs / (24 * 60 * 60_000);
    return [
      `nothing that is known: it was paid more than ${days} days ago, and nobody remembers any more whether the merchant took it`,
    ];
  }
  const since = fulfilment?.lockedUntil === undefined ? '' : `, asked last before ${fulfilment.lockedUntil}`;
  return [`the merchant to take it: fulfilment asks, and tries again by itself${since}`];
}

function refundsUnderWay(refunds: readonly RefundRow[]): string[] {
  const open = openRefunds(refunds);
  if (open.length > 0) return open;
  const left = refunds.some(({ state }) => isReserved(state))
    ? 'the rest of its refunds'
    : 'a refund: nobody asks for one';
  return [left];
}

/** Of a paid order too: a part of its money goes back. */
function openRefunds(refunds: readonly RefundRow[]): string[] {
  return refunds
    .filter((row) => !isSettled(row))
    .map(
      ({ out_refund_no, state, refund }) => `WeChat Pay, for the refund ${out_refund_no} over ${refund} fen, ${state}`,
    );
}

function actsOf({ books, exceptions, saga, fulfilment }: StoryFacts): string[] {
  const { order, out_trade_no } = books;
  const rows = exceptions.filter(({ state }) => state === 'open' || state === 'parked');
  const mayBeRefunded = order?.state === 'PAID' || order?.state === 'REFUNDING';
  const isAsked = saga?.marks['fulfilment accepted'] !== undefined || fulfilment?.isDone === true;
  return [
    ...rows.map(({ event_id }) => `warren exceptions show ${event_id}`),
    ...(order?.state === 'PAID' && !isAsked ? ['warren queues'] : []),
    ...(mayBeRefunded
      ? [`warren refunds show ${out_trade_no}`, `warren refunds request ${out_trade_no} --reason '…'`]
      : []),
  ];
}
