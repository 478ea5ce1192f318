import type { Refundable } from '../../../lambdas/shared/refunds/desk-contract.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { money } from './money.ts';
import { type ActOptions, DeskNotAnsweredError, type RefundsDeps } from './options.ts';

export interface RequestOptions extends ActOptions {
  /** In 分. Default: all that is left of the payment. */
  readonly fen?: number | undefined;
  /** Of the refund. Default: a new one. */
  readonly number?: string | undefined;
}

/** `warren refunds request`: the same command with the same `--number` is one refund, however often it is run. */
export async function requestRefund(
  out_trade_no: string,
  options: RequestOptions,
  io: Io,
  { reach, newNumber }: RefundsDeps,
): Promise<ExitStatus> {
  const { stage, reason, json, number } = options;
  const { desk, caller } = await reach(stage);
  const found = await desk.look({ out_trade_no }).catch(nothingDone);
  if (found.outcome === 'refused') throw new UsageError(found.reason);
  // Under a number of before it may be the refund that has taken what is missing: the desk knows.
  const fen = options.fen ?? leftOf(found);
  if (fen === 0) throw new UsageError(`nothing is left of order ${out_trade_no}: ${standing(found)}`);
  if (!(await confirmed(question(found, fen), options, io))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const out_refund_no = number ?? newNumber();
  // Before it is asked for: whoever hears no answer asks again with it.
  io.stderr.write(`The refund's number is ${out_refund_no}.\n`);
  const operator = { who: options.who ?? (await caller()), why: reason };
  const asked = { out_trade_no, out_refund_no, fen, operator };
  const answer = await desk.request(asked).catch((error: unknown) => {
    if (!(error instanceof DeskNotAnsweredError)) throw error;
    return { outcome: 'unknown' as const, reason: error.message };
  });
  if (json) printJson(io, { ok: isOk(answer), out_trade_no, out_refund_no, fen, ...answer });
  else if (answer.outcome === 'refused') io.stdout.write(`Refused: ${answer.reason}.\n`);
  else if (answer.outcome === 'unknown') {
    const again = `npx warren refunds request ${out_trade_no} --stage ${stage} --fen ${fen} --number ${out_refund_no} --reason '…'`;
    io.stdout.write(`Not known: ${answer.reason}\nUnder its number it is one refund. Ask again with: ${again}\n`);
  } else {
    const { refund, outcome } = answer;
    const was = outcome === 'repeated' ? `was asked for before, and is ${refund.state}` : 'is requested';
    io.stdout.write(
      `Refund ${out_refund_no}, ${money(refund.refund, refund.currency)} of order ${out_trade_no}, ${was}.\nThe function refunds asks WeChat Pay for it. How it stands: npx warren refunds list --stage ${stage}\n`,
    );
  }
  return isOk(answer) ? 0 : 1;
}

function isOk({ outcome }: { readonly outcome: string }): boolean {
  return outcome === 'requested' || outcome === 'repeated';
}

function leftOf({ total, reserved }: Refundable): number {
  return Math.max(0, total - reserved);
}

function question(found: Refundable, fen: number): string {
  const { out_trade_no, state, currency } = found;
  const stops = fen === leftOf(found) && state === 'PAID' ? ' Nobody ships the order afterwards.' : '';
  return `Order ${out_trade_no} is ${state}: ${standing(found)}. Send ${money(fen, currency)} back?${stops}`;
}

function standing({ total, reserved, refunded, currency }: Refundable): string {
  const way = reserved - refunded;
  return `of ${money(total, currency)} paid, ${money(refunded, currency)} are back and ${money(way, currency)} on their way`;
}

/** Of what only looks. */
export function nothingDone(error: unknown): never {
  if (error instanceof DeskNotAnsweredError)
    throw new UsageError(`${error.message}; nothing was done`, { cause: error });
  throw error;
}
