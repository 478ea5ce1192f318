import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import { z } from 'zod';
import { asCounted, type Balances } from '../shared/balances/balances.ts';
import type { LedgerPages } from '../shared/balances/ledger-pages.ts';
import type { OrderEvent } from '../shared/orders/order-event.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import { changedIn, InvalidEventError } from './changed-entries.ts';
import { type Recounted, recountSchema } from './recount.ts';

export interface HandlerDeps {
  readonly balances: Balances;
  readonly ledger: Pick<LedgerPages, 'page'>;
  readonly log: Log;
  readonly meter: Meter;
}

/** Of these orders the newest entries are not counted: the stream must hand the batch over again. */
export class NotCountedError extends Error {
  override readonly name = 'NotCountedError';

  constructor(orders: readonly string[], cause: unknown) {
    super(`not counted: ${orders.join(', ')}`, { cause });
  }
}

/** Entries at a time: bounds sockets, and transactions that meet on a shard. */
const parallelEntries = 8;
const pageSize = 200;
/** Longer than a page takes, however slowly DynamoDB answers. */
const timeForAPage = 10_000;

const eventSchema = z.union([
  z.object({ recount: recountSchema }),
  z.custom<DynamoDBStreamEvent>((event) => Array.isArray((event as Partial<DynamoDBStreamEvent> | null)?.Records)),
]);

/**
 * Entries of the ledger, from its stream → the balance of their currency, each version once. One entry's trouble is not another's; what cannot be
 * read rings by itself, and only what could not be written makes the stream hand the batch over again. Asked to recount, it reads the whole ledger.
 */
export function createHandler({ balances, ledger, log, meter }: HandlerDeps) {
  return async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Recounted | undefined> => {
    const { data } = eventSchema.safeParse(event);
    if (!data) throw new InvalidEventError();
    if ('recount' in data) return recount(data.recount.after, context);
    const { entries, unreadable } = changedIn(data);
    tellUnreadable(unreadable);
    await countAll(entries);
    return undefined;
  };

  /** Answers how many of them changed the balance. */
  async function countAll(entries: readonly OrderEvent[]): Promise<number> {
    const missed: string[] = [];
    let [counted, cause]: [number, unknown] = [0, undefined];
    await pMap(
      entries,
      async (entry) => {
        try {
          const outcome = await balances.count(asCounted(entry));
          if (outcome === 'counted') counted += 1;
          meter.count('LedgerEntries', { outcome });
        } catch (error) {
          log.error('entry not counted', error, { out_trade_no: entry.out_trade_no });
          missed.push(entry.out_trade_no);
          cause = error;
        }
      },
      { concurrency: parallelEntries },
    );
    if (missed.length > 0) throw new NotCountedError(missed, cause);
    return counted;
  }

  /** Whether they hold the stream up or not, they cannot be counted: they ring, and wait in the ledger for whoever repairs them. */
  function tellUnreadable(orders: readonly string[]): void {
    for (const out_trade_no of orders) {
      log.error('entry unreadable', new Error('an entry of the ledger cannot be read'), { out_trade_no });
      meter.count('LedgerEntries', { outcome: 'unreadable' });
    }
  }

  async function recount(
    from: string | undefined,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<Recounted> {
    const result = { read: 0, counted: 0, unreadable: [] as string[] };
    let next = from;
    do {
      const page = await ledger.page(next, pageSize);
      result.counted += await countAll(page.rows);
      result.read += page.rows.length + page.unreadable.length;
      result.unreadable.push(...page.unreadable);
      next = page.next;
    } while (next !== undefined && context.getRemainingTimeInMillis() > timeForAPage);
    return { ...result, next };
  }
}
