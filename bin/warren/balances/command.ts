import type { Command } from 'commander';
import type { ExitStatus, Io } from '../io.ts';
import { inStage } from '../operator/in-stage.ts';
import type { BalancesDeps, BalancesOptions } from './options.ts';
import { showBalances } from './show.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<BalancesDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren balances` */
export function addBalances(program: Command, { io, deps, done }: Around): void {
  inStage(program.command('balances'))
    .summary("money received and sent back, of the worked example's ledger")
    .description(
      'Of each currency what the orders of the ledger were paid with, what of it is on its way back, and what is back. It is some seconds behind the ledger. A part of a payment that goes back, and a second payment of an order, are in no entry of the ledger and not in here: warren refunds show.',
    )
    .option('--check', 'read the whole ledger, and compare', false)
    .addHelpText('after', help)
    .action(async (typed: BalancesOptions) => done(await showBalances(typed, io, await deps())));
}

const help = `
Exit status: 0 it is so; 1 with --check: they differ, or could not be compared; 2 nothing was looked at.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need to read the tables
Balances, and with --check BalanceEntries and Ledger, as the policy <app>-<stage>-read-only says.`;
