import type { Decoded } from '../../../lambdas/shared/order-numbers/contract.ts';
import { checkOrderNumber, InvalidOrderNumberError } from '../../../lambdas/shared/order-numbers/order-numbers.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { NotInvokedError } from '../stage/invoked.ts';
import type { IdsDeps } from './options.ts';

export interface DecodeOptions {
  readonly stage: string;
  readonly json: boolean;
}

/** `warren ids decode`: what an order number is. Throws a `UsageError` for one that is none. */
export async function decodeId(
  orderNumber: string,
  { stage, json }: DecodeOptions,
  io: Io,
  deps: () => Promise<IdsDeps>,
): Promise<ExitStatus> {
  check(orderNumber);
  const { decode } = await deps();
  try {
    const found = await decode(orderNumber, stage);
    if (found.outcome === 'refused') throw new UsageError(`${orderNumber}: ${found.reason}`);
    if (json) printJson(io, { order_number: orderNumber, ...found });
    else io.stdout.write(`${sentence(orderNumber, found)}\n`);
    return found.is_given_out ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NotInvokedError)) throw error;
    io.stderr.write(`warren: ${error.message}\n`);
    return 1;
  }
}

function check(orderNumber: string): void {
  try {
    checkOrderNumber(orderNumber);
  } catch (error) {
    if (error instanceof InvalidOrderNumberError) throw new UsageError(`${orderNumber}: ${error.message}`);
    throw error;
  }
}

type Given = Extract<Decoded, { outcome: 'decoded' }>;

function sentence(orderNumber: string, { sequence, key_version, is_given_out }: Given): string {
  const place = `Order number ${orderNumber} is number ${sequence.toLocaleString('en')} of its sequence, under key ${key_version}`;
  return is_given_out ? `${place}. It was given out.` : `${place}: that was not given out yet, so it is not from here.`;
}
