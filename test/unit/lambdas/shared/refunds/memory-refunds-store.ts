import type { OutboxMessage } from '../../../../../lambdas/shared/outbox/outbox-message.ts';
import {
  isReserved,
  type NewRefund,
  type RefundKey,
  type RefundRow,
  type RefundSums,
} from '../../../../../lambdas/shared/refunds/refund-row.ts';
import type { RefundsStore, RequestResult } from '../../../../../lambdas/shared/refunds/refunds-store.ts';

/** Refunds and their sums, as the port asks for it. */
export class MemoryRefundsStore implements RefundsStore {
  readonly messages: OutboxMessage[] = [];
  private readonly rows = new Map<string, RefundRow>();
  private readonly sums = new Map<string, RefundSums>();

  constructor(...rows: RefundRow[]) {
    for (const row of rows) this.settleNow(undefined, row);
  }

  get all(): RefundRow[] {
    return [...this.rows.values()];
  }

  async find({ transaction_id, out_refund_no }: RefundKey): Promise<RefundRow | undefined> {
    return this.rows.get(`${transaction_id} ${out_refund_no}`);
  }

  async sumsOf(transaction_id: string): Promise<RefundSums | undefined> {
    return this.sums.get(transaction_id);
  }

  async request(refund: NewRefund, message: OutboxMessage): Promise<RequestResult> {
    const known = await this.find(refund);
    if (known) return { outcome: 'taken', refund: known };
    const other = await this.findByNumber(refund.out_refund_no);
    if (other) return { outcome: 'number-taken' };
    const sums = this.sums.get(refund.transaction_id);
    if (sums && (sums.total !== refund.total || sums.reserved + refund.refund > sums.total))
      return { outcome: 'too-much' };
    this.settleNow(undefined, { ...refund, state: 'REQUESTED' });
    this.messages.push(message);
    return { outcome: 'requested' };
  }

  async settle(from: RefundRow | undefined, to: RefundRow): Promise<'settled' | 'changed'> {
    if ((await this.find(to))?.state !== from?.state) return 'changed';
    this.settleNow(from, to);
    return 'settled';
  }

  async findByNumber(out_refund_no: string): Promise<RefundRow | undefined> {
    return this.all.find((row) => row.out_refund_no === out_refund_no);
  }

  async noteAsking(key: RefundKey, at: Date): Promise<RefundRow | undefined> {
    const row = await this.find(key);
    if (row?.state !== 'REQUESTED') return undefined;
    const noted = { ...row, asked_at: at.toISOString() };
    this.put(noted);
    return noted;
  }

  async withdraw(row: RefundRow, withdrawn: NonNullable<RefundRow['withdrawn']>): Promise<boolean> {
    const known = await this.find(row);
    if (known?.state !== 'REQUESTED' || known.asked_at !== row.asked_at) return false;
    this.settleNow(known, { ...row, state: 'WITHDRAWN', withdrawn });
    return true;
  }

  private settleNow(from: RefundRow | undefined, to: RefundRow): void {
    const { transaction_id, total, refund, state, refund_id, success_time } = to;
    const reservedBy = (row: RefundRow | undefined) => (row && isReserved(row.state) ? refund : 0);
    const { reserved, refunded, ...known } = this.sums.get(transaction_id) ?? { reserved: 0, refunded: 0 };
    const isBack = state === 'SUCCESS' && refund_id !== undefined && success_time !== undefined;
    this.sums.set(transaction_id, {
      ...known,
      ...(isBack && { last: { refund_id, success_time } }),
      total,
      reserved: reserved + reservedBy(to) - reservedBy(from),
      refunded: refunded + (state === 'SUCCESS' ? refund : 0),
    });
    this.put(to);
  }

  private put(row: RefundRow): void {
    this.rows.set(`${row.transaction_id} ${row.out_refund_no}`, row);
  }
}
