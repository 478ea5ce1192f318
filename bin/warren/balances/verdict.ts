import { isDeepStrictEqual } from 'node:util';
import { span } from '../backlog/spans.ts';
import { count } from '../publish/count.ts';
import type { Comparison } from './compare.ts';

/** As long as the alarm waits (`balances.overdueAfter` of lib/config.ts). */
const overdueMs = 15 * 60_000;
const shown = 10;

export interface Verdict {
  /** The balance is what the ledger says, but for what is on its way. */
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** What came of the comparison, for people. `now` in milliseconds. */
export function verdictOf(comparison: Comparison, now: number): Verdict {
  const { entries, behind, differing, unreadable, hasMoved, currencies } = comparison;
  const late = behind.filter(({ since }) => now - Date.parse(since) > overdueMs);
  const apart = hasMoved ? [] : currencies.filter(({ balance, counted }) => !isDeepStrictEqual(balance, counted));
  const problems = [
    ...(late.length > 0
      ? [`${some(late.length)} not counted for over ${span(overdueMs / 1000)}: ${list(late.map(orderOf))}`]
      : []),
    ...(differing.length > 0 ? [`${some(differing.length)} counted with other content: ${list(differing)}`] : []),
    ...(unreadable.length > 0 ? [`${some(unreadable.length)} no entry as we know it: ${list(unreadable)}`] : []),
    ...apart.map(
      ({ currency }) =>
        `The balance of ${currency} is not the sum of what is counted of the ledger's entries: an entry was deleted, or a table written, by hand.`,
    ),
    ...(hasMoved
      ? [
          'Entries were counted while the ledger was read, so the balance itself could not be compared: run it again when fewer come.',
        ]
      : []),
  ];
  const onTheirWay = behind.length - late.length;
  return {
    ok: problems.length === 0,
    lines: [
      `${count(entries)} entries of the ledger were read.`,
      ...(onTheirWay > 0 ? [`${some(onTheirWay)} on the way to the balance.`] : []),
      ...problems,
      ...(problems.length === 0 ? ['The balance is what the ledger says.'] : []),
    ],
  };
}

function some(entries: number): string {
  return entries === 1 ? '1 entry is' : `${count(entries)} entries are`;
}

function list(orders: readonly string[]): string {
  const more = orders.length > shown ? ` and ${count(orders.length - shown)} more` : '';
  return `${orders.slice(0, shown).join(', ')}${more}`;
}

function orderOf({ out_trade_no }: { readonly out_trade_no: string }): string {
  return out_trade_no;
}
