import type { Order } from '../orders/order.ts';
import type { OrderEvent } from '../orders/order-event.ts';
import type { RefundRow, RefundSums } from '../refunds/refund-row.ts';
import type { Reservation } from '../stock/reservation.ts';

/** An order as its row has it: when it was made is known of those that were made here. */
export type StoredOrder = Order & { readonly created_at?: string | undefined };

/** The ledger's entry of an order: what was told of it last, and when that was written. */
export type LedgerEntry = Readonly<OrderEvent> & { readonly recorded_at?: string | undefined };

/** What every book says of one order, read as it stands. */
export interface OrderBooks {
  readonly out_trade_no: string;
  readonly order: StoredOrder | undefined;
  readonly entry: LedgerEntry | undefined;
  /** Of the payment that the order names. */
  readonly refunds: readonly RefundRow[];
  readonly sums: RefundSums | undefined;
  readonly reservation: Reservation | undefined;
}

/** One row of the outbox: what was told, and what became of that. */
export interface ToldRow {
  readonly event_id: string;
  /** Its routing key. */
  readonly told: string;
  readonly created_at: string;
  /** When every queue had it. */
  readonly relayed_at?: string | undefined;
  /** When it was given up, and became an exception. */
  readonly exception_at?: string | undefined;
}

/** A row of a book that is none as we know them. */
export class UnreadableRowError extends Error {
  override readonly name = 'UnreadableRowError';
  readonly book: string;
  readonly key: string;
  readonly problem: string;

  /** `problem`: the fields, and no values. */
  constructor(book: string, key: string, problem: string, options?: ErrorOptions) {
    super(`the row ${key} of ${book} is not as it should be: ${problem}`, options);
    this.book = book;
    this.key = key;
    this.problem = problem;
  }
}

/** All that is written of an order, wherever. */
export interface Books {
  /** MUST answer each book as it is now, with every write that was answered before. Throws an `UnreadableRowError`. */
  of(out_trade_no: string): Promise<OrderBooks>;
  /** What was told of it, oldest first; as long as the outbox keeps that. MUST be as it is now too. */
  toldOf(out_trade_no: string, refunds: readonly RefundRow[]): Promise<readonly ToldRow[]>;
}
