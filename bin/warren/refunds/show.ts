import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import type { RefundsDeps } from './options.ts';
import { nothingDone, standing } from './request.ts';

export interface ShowOptions {
  readonly stage: string;
  readonly payment?: string | undefined;
  readonly json: boolean;
}

/** `warren refunds show`: what of an order's payment is back, and what is on its way. */
export async function showRefunds(
  out_trade_no: string,
  { stage, payment, json }: ShowOptions,
  io: Io,
  { reach }: Pick<RefundsDeps, 'reach'>,
): Promise<ExitStatus> {
  const { desk } = await reach(stage);
  const asked = { out_trade_no, ...(payment !== undefined && { transaction_id: payment }) };
  const found = await desk.look(asked).catch(nothingDone);
  if (found.outcome === 'refused') throw new UsageError(found.reason);
  if (json) printJson(io, found);
  else
    io.stdout.write(`Order ${out_trade_no} is ${found.state}, payment ${found.transaction_id}: ${standing(found)}.\n`);
  return 0;
}
