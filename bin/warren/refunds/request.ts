import type { DeskAnswers, Refundable } from '../../../lambdas/shared/refunds/desk-contract.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { money } from './money.ts';
import { type ActOptions, DeskNotAnsweredError, type ReachedDesk, type RefundsDeps } from './options.ts';

export interface RequestOptions extends ActOptions {
  /** In 分. Default: all that is left of the payment. */
  readonly fen?: number | undefined;
  /** Of the refund. Default: a new one. */
  readonly number?: string | undefined;
  /** WeChat Pay's number of the payment. Default: the one that the order was paid by. */
  readonly payment?: string | undefined;
}

/** `warren refunds request`: with the same `--number` and `--fen` it is one refund, however often it is run. */
export async function requestRefund(
  out_trade_no: string,
  options: RequestOptions,
  io: Io,
  { reach, newNumber }: RefundsDeps,
): Promise<ExitStatus> {
  const { stage, json, number } = options;
  if (number !== undefined && options.fen === undefined)
    throw new UsageError('with --number say --fen too: what is left is less by the refund of that number');
  const reached = await reach(stage);
  const { desk } = reached;
  const payment = options.payment === undefined ? {} : { transaction_id: options.payment };
  const found = await desk.look({ out_trade_no, ...payment }).catch(nothingDone);
  if (found.outcome === 'refused') throw new UsageError(found.reason);
  const fen = options.fen ?? leftOf(found);
  if (fen === 0) throw new UsageError(`nothing is left of order ${out_trade_no}: ${standing(found)}`);
  if (!(await confirmed(question(found, fen), options, io))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const out_refund_no = number ?? newNumber();
  // Before it is asked for: whoever hears no answer asks again with it.
  io.stderr.write(`The refund's number is ${out_refund_no}.\n`);
  const asked = { out_trade_no, ...payment, out_refund_no, fen, operator: await operatorOf(options, reached) };
  const answer = await desk.request(asked).catch((error: unknown) => {
    if (!(error instanceof DeskNotAnsweredError)) throw error;
    return { outcome: 'unknown' as const, reason: error.message };
  });
  if (json) printJson(io, { ok: isOk(answer), out_trade_no, out_refund_no, fen, ...answer });
  else
    io.stdout.write(
      textOf(answer, { ...asked, stage })
        .map((line) => `${line}\n`)
        .join(''),
    );
  return isOk(answer) ? 0 : 1;
}

type Answer = DeskAnswers['request'] | { readonly outcome: 'unknown'; readonly reason: string };

function textOf(
  answer: Answer,
  asked: { out_trade_no: string; transaction_id?: string; out_refund_no: string; fen: number; stage: string },
): string[] {
  if (answer.outcome === 'refused') return [`Refused: ${answer.reason}.`];
  if (answer.outcome === 'unknown') {
    const payment = asked.transaction_id === undefined ? '' : ` --payment ${asked.transaction_id}`;
    const again = `npx warren refunds request ${asked.out_trade_no} --stage ${asked.stage}${payment} --fen ${asked.fen} --number ${asked.out_refund_no} --reason '…'`;
    return [`Not known: ${answer.reason}`, `Under its number it is one refund. Ask again with: ${again}`];
  }
  const { refund, outcome } = answer;
  const was = outcome === 'repeated' ? `was asked for before, and is ${refund.state}` : 'is requested';
  const next = `The function refunds asks WeChat Pay for it. How it stands: npx warren refunds show ${asked.out_trade_no} --stage ${asked.stage}`;
  return [
    `Refund ${refund.out_refund_no}, ${money(refund.refund, refund.currency)} of order ${refund.out_trade_no}, ${was}.`,
    ...(refund.state === 'REQUESTED' ? [next] : []),
  ];
}

function isOk({ outcome }: { readonly outcome: string }): boolean {
  return outcome === 'requested' || outcome === 'repeated';
}

function leftOf({ total, reserved }: Refundable): number {
  return Math.max(0, total - reserved);
}

function question(found: Refundable, fen: number): string {
  const { out_trade_no, state, currency, transaction_id } = found;
  const ships =
    fen === leftOf(found) && state === 'PAID' ? ' Who ships was told when it was paid: stop that yourself.' : '';
  return `Order ${out_trade_no} is ${state}, payment ${transaction_id}: ${standing(found)}.${ships} Send ${money(fen, currency)} back?`;
}

export function standing({ total, reserved, refunded, currency }: Refundable): string {
  const way = reserved - refunded;
  return `of ${money(total, currency)} paid, ${money(refunded, currency)} are back and ${money(way, currency)} on their way`;
}

/** Whose credentials these are is kept too, whatever they call themselves. */
export async function operatorOf({ who, reason }: ActOptions, { caller }: Pick<ReachedDesk, 'caller'>) {
  const arn = await caller();
  return { who: who === undefined ? arn : `${who} (${arn})`, why: reason };
}

/** Of what only looks. */
export function nothingDone(error: unknown): never {
  if (error instanceof DeskNotAnsweredError)
    throw new UsageError(`${error.message}; nothing was done`, { cause: error });
  throw error;
}
