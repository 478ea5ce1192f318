import { type ExitStatus, type Io, printJson } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { money } from './money.ts';
import { type ActOptions, DeskNotAnsweredError, type RefundsDeps } from './options.ts';
import { operatorOf } from './request.ts';

/** `warren refunds withdraw`: may be run again. */
export async function withdrawRefund(
  out_refund_no: string,
  options: ActOptions,
  io: Io,
  { reach }: RefundsDeps,
): Promise<ExitStatus> {
  const { stage, json } = options;
  const reached = await reach(stage);
  const question = `Refund ${out_refund_no} will not be asked for any more, and its money stays where it is. Withdraw it?`;
  if (!(await confirmed(question, options, io))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const operator = await operatorOf(options, reached);
  const answer = await reached.desk.withdraw({ out_refund_no, operator }).catch((error: unknown) => {
    if (!(error instanceof DeskNotAnsweredError)) throw error;
    return {
      outcome: 'unknown' as const,
      reason: `${error.message}. Run it again: what is withdrawn stays so`,
    };
  });
  const ok = answer.outcome === 'withdrawn';
  if (json) printJson(io, { ok, out_refund_no, ...answer });
  else if (answer.outcome === 'withdrawn') {
    const { refund, currency, out_trade_no, transaction_id } = answer.refund;
    const due =
      answer.state === 'REFUNDING'
        ? `\nThe order is REFUNDING and stays so: it is not shipped, and what of its money is not on its way is yours to send.`
        : '';
    io.stdout.write(
      `Refund ${out_refund_no} is withdrawn: ${money(refund, currency)} of the payment ${transaction_id}, order ${out_trade_no}, are free for another refund.${due}\n`,
    );
  } else io.stdout.write(`${answer.outcome === 'unknown' ? 'Not known' : 'Not withdrawn'}: ${answer.reason}.\n`);
  return ok ? 0 : 1;
}
