import { PermanentError } from '../consumer/errors.ts';
import { eventMessage } from '../orders/event-message.ts';
import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { NewRefund } from './refund-row.ts';
import type { RefundsStore } from './refunds-store.ts';

export interface RefundsDeps {
  readonly refunds: RefundsStore;
  readonly now: () => Date;
  readonly newEventId: () => string;
}

/** Another refund has that number. */
export class RefundNumberTakenError extends PermanentError {
  override readonly name = 'RefundNumberTakenError';

  constructor({ out_refund_no }: Pick<NewRefund, 'out_refund_no'>) {
    super(`there is another refund ${out_refund_no}: of another payment, order or amount`);
  }
}

/** The message `refund.requested`: a refund that WeChat Pay is to be asked for. Its row says the rest. */
export const refundRequestedRoutingKey = 'refund.requested';

/**
 * Keeps a refund and tells the function `refunds` of it, which asks WeChat Pay; the number is fixed from here on. `repeated`: it was kept before.
 * `too-much`: with what is requested already more would be sent back than was paid, and nothing is kept. Throws a `RefundNumberTakenError`.
 */
export async function requestRefund(
  refund: NewRefund,
  { refunds, now, newEventId }: RefundsDeps,
): Promise<'requested' | 'repeated' | 'too-much'> {
  if (refund.refund > refund.total) return 'too-much';
  const result = await refunds.request(refund, refundMessage(refund, newEventId(), now()));
  if (result.outcome === 'number-taken') throw new RefundNumberTakenError(refund);
  if (result.outcome !== 'taken') return result.outcome;
  const { out_trade_no, refund: amount, total } = result.refund;
  const isSame = out_trade_no === refund.out_trade_no && amount === refund.refund && total === refund.total;
  if (!isSame) throw new RefundNumberTakenError(refund);
  return 'repeated';
}

export function refundMessage(
  { transaction_id, out_refund_no, out_trade_no }: Pick<NewRefund, 'transaction_id' | 'out_refund_no' | 'out_trade_no'>,
  eventId: string,
  now: Date,
): OutboxMessage {
  const payload = { transaction_id, out_refund_no, out_trade_no };
  return eventMessage(
    { aggregate: `refund#${out_refund_no}`, routingKey: refundRequestedRoutingKey, payload },
    eventId,
    now,
  );
}
