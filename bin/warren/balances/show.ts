import type { Money } from '../../../lambdas/shared/balances/money.ts';
import { type ExitStatus, type Io, printJson } from '../io.ts';
import { count } from '../publish/count.ts';
import { createProgress } from '../publish/progress.ts';
import { money } from '../refunds/money.ts';
import { formatTable } from '../table.ts';
import { compare } from './compare.ts';
import type { BalancesDeps, BalancesOptions, ReachedBalances } from './options.ts';
import { verdictOf } from './verdict.ts';

/** `warren balances`: what the counters say, and with `--check` whether the ledger says so too. */
export async function showBalances(
  { stage, check, json }: BalancesOptions,
  io: Io,
  deps: BalancesDeps,
): Promise<ExitStatus> {
  const reached = await deps.reach(stage);
  if (check) return checkBalances(reached, json, io, deps);
  const found = [...(await reached.balances.balances())].sort(([one], [other]) => one.localeCompare(other));
  if (json) printJson(io, { balances: found.map(([currency, balance]) => ({ currency, ...withNet(balance) })) });
  else if (found.length === 0) io.stdout.write('No money is counted yet.\n');
  else
    io.stdout.write(
      lines(
        formatTable(
          headline,
          found.map(([currency, balance]) => rowOf(currency, balance)),
        ),
      ),
    );
  return 0;
}

async function checkBalances(
  reached: ReachedBalances,
  json: boolean,
  io: Io,
  { now }: BalancesDeps,
): Promise<ExitStatus> {
  let entries = 0;
  const text = () => `${count(entries)} entries read`;
  const progress = createProgress({ stderr: io.stderr, text, total: await reached.ledger.roughCount(), now });
  const comparison = await compare(reached, (read) => {
    entries = read;
    progress.show(read);
  }).finally(() => progress.end());
  const verdict = verdictOf(comparison, now());
  if (json) printJson(io, { ok: verdict.ok, ...comparison });
  else {
    const rows = comparison.currencies.flatMap(({ currency, balance, ledger }) => [
      ['balance', ...rowOf(currency, balance)],
      ['ledger', ...rowOf(currency, ledger)],
    ]);
    io.stdout.write(lines([...formatTable(['', ...headline], rows), ...verdict.lines]));
  }
  return verdict.ok ? 0 : 1;
}

const headline = ['currency', 'received', 'on its way back', 'sent back', 'net'];

function rowOf(currency: string, balance: Money): string[] {
  const { received, on_its_way_back, sent_back, net } = withNet(balance);
  return [currency, ...[received, on_its_way_back, sent_back, net].map((fen) => money(fen, currency))];
}

function withNet(balance: Money) {
  return { ...balance, net: balance.received - balance.sent_back };
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
