import type { OrderBooks, ToldRow } from './books.ts';

/** Whether nothing of the order has moved since then, and nothing that was told of it is still to be delivered. */
export function hasSettled(books: OrderBooks, told: readonly ToldRow[], since: Date): boolean {
  if (told.some(isOnItsWay)) return false;
  // By a time that is none, which somebody has written, nothing would ever have settled.
  return !movesOf(books, told).some((at) => Date.parse(at) > since.getTime());
}

/** What was given up is an exception, and comes by itself no more. */
export function isOnItsWay({ relayed_at, exception_at }: ToldRow): boolean {
  return relayed_at === undefined && exception_at === undefined;
}

/** By our clock. Where WeChat Pay has told of the order, `changed_at` is by its own, and may be hours ago: the outbox has ours. */
function movesOf({ order, entry, refunds, reservation }: OrderBooks, told: readonly ToldRow[]): string[] {
  return [
    order?.created_at,
    order?.changed_at,
    order?.closed_at,
    entry?.recorded_at,
    reservation?.changed_at,
    ...told.map(({ created_at }) => created_at),
    // Not `asked_at`: WeChat Pay is asked again and again for what it refuses, and no book says anything else for that.
    ...refunds.flatMap((one) => [one.requested_at, one.withdrawn?.at, one.settled_at]),
  ].filter((at) => at !== undefined);
}
