import type { Place } from './options.ts';

/** What helps where the key cannot be another: a number of lib/config.ts. */
const bySubject: Readonly<Record<string, string>> = {
  // worked example
  Balances: 'Raise balances.shards of lib/config.ts: the balance of a currency is spread over so many keys.',
  // worked example
  Stock:
    'One kind of goods is one item, and no shards can say that there are enough of it: sell it under several skus, with a part of the pieces each, or lower consumers.stock.maxConcurrency of lib/config.ts, so that fewer orders meet.',
  // worked example
  Sequences: 'Raise orderNumbers.segmentSize of lib/config.ts: that many order numbers are one write.',
  Outbox: 'Writes go to the key of their aggregate: whoever publishes so much in one order needs finer aggregates.',
};

/** What to do about a key of that table or index that is throttled. */
export function adviceFor({ table, index }: Place): string {
  if (index !== undefined)
    return 'An index that cannot keep up throttles the writes of its table too: spread what it is keyed by over several values.';
  return (
    bySubject[table] ??
    'Written often: spread it over several keys (lambdas/shared/sharded-counter), or write it less often. Read often: cache it.'
  );
}
