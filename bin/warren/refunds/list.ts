import type { RefundRow } from '../../../lambdas/shared/refunds/refund-row.ts';
import { span } from '../backlog/spans.ts';
import { type ExitStatus, type Io, printJson } from '../io.ts';
import { count } from '../publish/count.ts';
import { formatTable } from '../table.ts';
import { money } from './money.ts';
import type { RefundsDeps } from './options.ts';
import { nothingDone } from './request.ts';

export interface ListOptions {
  readonly stage: string;
  readonly most: number;
  readonly json: boolean;
}

/** `warren refunds list`: those that are not settled, the longest open first. */
export async function listRefunds(
  { stage, most, json }: ListOptions,
  io: Io,
  { reach, now }: RefundsDeps,
): Promise<ExitStatus> {
  const { desk } = await reach(stage);
  const { refunds, isAll } = await desk.list({ most }).catch(nothingDone);
  if (json) printJson(io, { refunds, isAll });
  else if (refunds.length === 0) io.stdout.write('No refund is open.\n');
  else {
    const rows = refunds.map((refund) => rowOf(refund, now()));
    const more = isAll ? [] : [`The ${count(most)} longest open are shown: there are more (--most).`];
    io.stdout.write(`${[...formatTable(headline, rows), ...more].join('\n')}\n`);
  }
  return 0;
}

const headline = ['refund', 'order', 'payment', 'amount', 'state', 'open for', 'reason'];

function rowOf(
  { out_refund_no, out_trade_no, transaction_id, refund, currency, state, requested_at, reason }: RefundRow,
  now: Date,
) {
  const openFor = span((now.getTime() - Date.parse(requested_at)) / 1_000);
  return [out_refund_no, out_trade_no, transaction_id, money(refund, currency), state, openFor, reason];
}
