import type { RefundRequest } from '../wechat-pay/api/refund.ts';
import type { RefundRow } from './refund-row.ts';

/** What WeChat Pay is asked for: the same, however often. */
export function requestOf(
  { transaction_id, out_refund_no, refund, total, currency }: RefundRow,
  notify_url: string,
): RefundRequest {
  return { transaction_id, out_refund_no, notify_url, amount: { refund, total, currency } };
}
