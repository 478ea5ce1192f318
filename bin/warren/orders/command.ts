import type { Command } from 'commander';
import type { ExitStatus, Io } from '../io.ts';
import { givenText } from '../operator/given-text.ts';
import { inStage } from '../operator/in-stage.ts';
import type { OrdersDeps } from './options.ts';
import { type ShowOptions, showOrder } from './show.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<OrdersDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren orders` */
export function addOrders(program: Command, { io, deps, done }: Around): void {
  const orders = program.command('orders').summary("the worked example's orders");

  inStage(orders.command('show'))
    .summary('an order’s whole story, in time order, and what it waits for')
    .description(
      'What the tables of orders, refunds, ledger, stock, progress, outbox and exceptions say of an order, a line each; where they do not agree; and what can be done. It changes nothing.',
    )
    .argument('<out_trade_no>', 'the order’s number, whoever made it', givenText(32))
    .addHelpText('after', help)
    .action(async (out_trade_no: string, typed: ShowOptions) =>
      done(await showOrder(out_trade_no, typed, io, await deps())),
    );
}

const help = `
Exit status: 0 here it is; 1 nothing is written of such an order; 2 it cannot be read.
The outbox keeps what it has told for 30 days: of older orders the story has fewer lines. A second payment of an order,
and its refund, are not in it: npx warren refunds show N --payment T.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need the policy
<app>-<stage>-read-only.`;
