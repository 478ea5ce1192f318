import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { NewRefund, RefundKey, RefundRow, RefundSums } from './refund-row.ts';

export type RequestResult =
  | { readonly outcome: 'requested' }
  /** There is a refund of that number, as it stands: this one again, or another. Nothing was written. */
  | { readonly outcome: 'taken'; readonly refund: RefundRow }
  /** A refund of another payment has that number: WeChat Pay has one for each. Nothing was written. */
  | { readonly outcome: 'number-taken' }
  /** More would be sent back than was paid. Nothing was written. */
  | { readonly outcome: 'too-much' };

/**
 * Refunds at rest, and their sums by payment. Whatever comes at the same moment, the sum of what is requested and not CLOSED MUST never be above
 * what was paid, but by refunds that were made elsewhere: WeChat Pay lets those be, and has counted them itself.
 */
export interface RefundsStore {
  find(key: RefundKey): Promise<RefundRow | undefined>;
  /** Whatever payment it is of. */
  findByNumber(out_refund_no: string): Promise<RefundRow | undefined>;
  sumsOf(transaction_id: string): Promise<RefundSums | undefined>;
  /** MUST write the refund, the sum and the message together, or nothing. */
  request(refund: NewRefund, message: OutboxMessage): Promise<RequestResult>;
  /**
   * MUST write nothing, and answer `changed`, unless the refund still is in the state that `from` says. `from` of `undefined`: it was not made
   * here, and is not known yet.
   */
  settle(from: RefundRow | undefined, to: RefundRow): Promise<'settled' | 'changed'>;
  /**
   * Notes that WeChat Pay is about to be asked: before that it MUST be, each time. Answers the row with the note; `undefined`, and nothing is
   * written, when the refund is not REQUESTED any more.
   */
  noteAsking(key: RefundKey, at: Date): Promise<RefundRow | undefined>;
  /** MUST write nothing, and answer false, unless the refund is REQUESTED, and nobody has been about to ask for it since `row` was read. */
  withdraw(row: RefundRow, withdrawn: NonNullable<RefundRow['withdrawn']>): Promise<boolean>;
}
