import { type Command, InvalidArgumentError } from 'commander';
import { chosenNumber, numberRule } from '../../../lambdas/shared/refunds/refund-number.ts';
import type { ExitStatus, Io } from '../io.ts';
import { parseReason, parseWho } from '../operator/given-text.ts';
import { inStage } from '../operator/in-stage.ts';
import { listRefunds } from './list.ts';
import type { ActOptions, RefundsDeps } from './options.ts';
import { type RequestOptions, requestRefund } from './request.ts';
import { type ShowOptions, showRefunds } from './show.ts';
import { withdrawRefund } from './withdraw.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<RefundsDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren refunds` */
export function addRefunds(program: Command, { io, deps, done }: Around): void {
  const refunds = program.command('refunds').summary("money that goes back, of the worked example's orders");

  inStage(refunds.command('list'))
    .summary('refunds that are not settled, the longest open first')
    .option('--most <n>', 'at most so many', whole(1000), 50)
    .addHelpText('after', help)
    .action(async (typed: { stage: string; most: number; json: boolean }) =>
      done(await listRefunds(typed, io, await deps())),
    );

  withPayment(inStage(refunds.command('show')))
    .summary('what of an order’s payment is back, and what is on its way')
    .argument('<out_trade_no>', 'the order')
    .addHelpText('after', help)
    .action(async (out_trade_no: string, typed: ShowOptions) =>
      done(await showRefunds(out_trade_no, typed, io, await deps())),
    );

  withPayment(acting(inStage(refunds.command('request'))))
    .summary('send an order’s money back, all of it or a part')
    .description(
      'Keeps a refund of the order’s payment; the function refunds asks WeChat Pay for it, under a number that is fixed before. Never more goes back than was paid, whatever else is asked for.',
    )
    .argument('<out_trade_no>', 'the order')
    .option('--fen <n>', 'how much, in 分; default: all that is left', whole(Number.MAX_SAFE_INTEGER))
    .option(
      '--number <out_refund_no>',
      'the refund’s: repeated with it and --fen, it is one refund; default: a new one',
      parseNumber,
    )
    .addHelpText('after', help)
    .action(async (out_trade_no: string, typed: RequestOptions) =>
      done(await requestRefund(out_trade_no, typed, io, await deps())),
    );

  acting(inStage(refunds.command('withdraw')))
    .summary('take back a refund that WeChat Pay does not know of')
    .description(
      'For a refund that WeChat Pay refuses, or whose money goes back otherwise; some six minutes after WeChat Pay was asked last. What it has taken cannot be taken back. An order that is REFUNDING stays so.',
    )
    .argument('<out_refund_no>', 'the refund')
    .addHelpText('after', help)
    .action(async (out_refund_no: string, typed: ActOptions) =>
      done(await withdrawRefund(out_refund_no, typed, io, await deps())),
    );
}

const help = `
Exit status: 0 it is so; 1 it was not done, or is not known to be done; 2 nothing was done.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need the policy
warren-STAGE-refunds, which neither the read-only policy nor that of operators contains.`;

function withPayment(command: Command): Command {
  return command.option(
    '--payment <transaction_id>',
    'of an order that was paid twice, the payment; default: the one it is PAID by',
  );
}

function acting(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; it is kept with the refund, so name no customer', parseReason)
    .option('--who <name>', 'who acts, kept beside whose credentials these are', parseWho)
    .option('--yes', 'do not ask', false);
}

function whole(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from 1 to ${most}.`);
  };
}

function parseNumber(value: string): string {
  if (chosenNumber.test(value)) return value;
  throw new InvalidArgumentError(`It must be ${numberRule}, and not begin with WR.`);
}
