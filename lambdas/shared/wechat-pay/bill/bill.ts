/** One day of Beijing as WeChat Pay's bill has it (交易账单, ALL), as far as we compare it; amounts are integers in 分. */
export interface Bill {
  readonly payments: readonly BilledPayment[];
  readonly refunds: readonly BilledRefund[];
  /** Neither paid nor refunded: REVOKED (撤销, of a payment by payment code). */
  readonly others: readonly BilledRow[];
}

/** What each row says. */
export interface BilledRow {
  readonly transaction_id: string;
  readonly out_trade_no: string;
  readonly mchid: string;
  readonly appid: string;
  /** SUCCESS, REFUND, REVOKED. */
  readonly state: string;
}

export interface BilledPayment extends BilledRow {
  /** ISO 8601, at +08:00. */
  readonly paidAt: string;
  /** 订单金额: what the notification calls `amount.total`. */
  readonly total: number;
  readonly currency: string;
}

export interface BilledRefund extends BilledRow {
  readonly refund_id: string;
  readonly out_refund_no: string;
  /** 申请退款金额: what was asked to be sent back. */
  readonly refund: number;
}

export const emptyBill: Bill = { payments: [], refunds: [], others: [] };
