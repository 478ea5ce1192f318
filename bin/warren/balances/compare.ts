import { isDeepStrictEqual } from 'node:util';
import { asCounted, type CountedEntry } from '../../../lambdas/shared/balances/balances.ts';
import type { LedgerEntry } from '../../../lambdas/shared/balances/ledger-pages.ts';
import { isNothing, type Money, noMoney, plus } from '../../../lambdas/shared/balances/money.ts';
import type { ReachedBalances } from './options.ts';

/** Entries at a time, each compared with what is counted of it (DynamoDB API reference, BatchGetItem takes 100 keys). */
const pageSize = 100;

/** Of one currency. */
export interface Compared {
  readonly currency: string;
  /** What the counters sum up to. */
  readonly balance: Money;
  /** What the ledger's entries sum up to. */
  readonly ledger: Money;
  /** What is counted of these entries, those included that cannot be read. */
  readonly counted: Money;
}

export interface Comparison {
  readonly currencies: readonly Compared[];
  readonly entries: number;
  /** Entries whose last change is not counted yet, and since when. */
  readonly behind: readonly { readonly out_trade_no: string; readonly since: string }[];
  /** Orders of which something else is counted than their entry says under the same version. */
  readonly differing: readonly string[];
  /** Orders whose entries are none as we know them. */
  readonly unreadable: readonly string[];
  /** Something was counted while it was compared: sums of different moments say nothing. */
  readonly hasMoved: boolean;
}

/** The whole ledger, entry by entry, with what is counted of each. `read` hears how many were read so far. */
export async function compare({ balances, ledger }: ReachedBalances, read: (entries: number) => void) {
  const before = await balances.balances();
  const found = { entries: 0, behind: [] as Comparison['behind'][number][], differing: [] as string[] };
  const unreadable: string[] = [];
  const [said, counted] = [new Map<string, Money>(), new Map<string, Money>()];
  let next: string | undefined;
  do {
    const page = await ledger.page(next, pageSize);
    // What was counted of an entry before nobody could read it any more is in the balance, too.
    const notes = await balances.counted([...page.rows.map(({ out_trade_no }) => out_trade_no), ...page.unreadable]);
    const noteOf = new Map(notes.map((note) => [note.out_trade_no, note]));
    for (const note of notes) add(counted, note);
    for (const entry of page.rows) {
      add(said, asCounted(entry));
      judge(entry, noteOf.get(entry.out_trade_no), found);
    }
    unreadable.push(...page.unreadable);
    found.entries += page.rows.length + page.unreadable.length;
    read(found.entries);
    next = page.next;
  } while (next !== undefined);
  const after = await balances.balances();
  const names = [...new Set([...after.keys(), ...said.keys(), ...counted.keys()])].sort();
  const of = (sums: ReadonlyMap<string, Money>, currency: string) => sums.get(currency) ?? noMoney;
  return {
    ...found,
    unreadable,
    hasMoved: !isDeepStrictEqual(before, after),
    currencies: names.map((currency) => ({
      currency,
      balance: of(after, currency),
      ledger: of(said, currency),
      counted: of(counted, currency),
    })),
  } satisfies Comparison;
}

function judge(
  entry: LedgerEntry,
  note: CountedEntry | undefined,
  { behind, differing }: { readonly behind: Comparison['behind'][number][]; readonly differing: string[] },
): void {
  const said = asCounted(entry);
  if (!note && isNothing(said)) return;
  // Later than what was read of the entry: it was changed, and counted, in between.
  if (note && note.version > said.version) return;
  const { out_trade_no, recorded_at, changed_at } = entry;
  if (!note || note.version < said.version) behind.push({ out_trade_no, since: recorded_at ?? changed_at });
  else if (!isDeepStrictEqual(note, said)) differing.push(entry.out_trade_no);
}

function add(sums: Map<string, Money>, entry: CountedEntry): void {
  sums.set(entry.currency, plus(sums.get(entry.currency) ?? noMoney, entry));
}
