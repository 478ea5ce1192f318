import { type ExitStatus, type Io, printJson } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { money } from './money.ts';
import { type ActOptions, DeskNotAnsweredError, type RefundsDeps } from './options.ts';

/** `warren refunds withdraw`: may be run again. */
export async function withdrawRefund(
  out_refund_no: string,
  options: ActOptions,
  io: Io,
  { reach }: RefundsDeps,
): Promise<ExitStatus> {
  const { stage, reason, json } = options;
  const { desk, caller } = await reach(stage);
  const question = `Refund ${out_refund_no} will not be asked for any more, and its money stays where it is. Withdraw it?`;
  if (!(await confirmed(question, options, io))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const operator = { who: options.who ?? (await caller()), why: reason };
  const answer = await desk.withdraw({ out_refund_no, operator }).catch((error: unknown) => {
    if (!(error instanceof DeskNotAnsweredError)) throw error;
    return {
      outcome: 'unknown' as const,
      reason: `${error.message}. Perhaps it is: then it is not among the open ones`,
    };
  });
  const ok = answer.outcome === 'withdrawn';
  if (json) printJson(io, { ok, out_refund_no, ...answer });
  else if (answer.outcome === 'withdrawn') {
    const { refund, currency, out_trade_no } = answer.refund;
    io.stdout.write(
      `Refund ${out_refund_no} is withdrawn: ${money(refund, currency)} of order ${out_trade_no} are free for another refund.\n`,
    );
  } else io.stdout.write(`${answer.outcome === 'unknown' ? 'Not known' : 'Not withdrawn'}: ${answer.reason}.\n`);
  return ok ? 0 : 1;
}
