import { sealNotification } from './seal.ts';
import { beijingTime } from './time.ts';

export interface Payment {
  readonly mchid: string;
  readonly appid: string;
  readonly out_trade_no: string;
  readonly transaction_id: string;
  /** 分 */
  readonly total: number;
  readonly paidAt: Date;
}

/** A complete TRANSACTION.SUCCESS notification, with all the fields WeChat Pay documents, of a payment that is in nobody's books. */
export function paymentNotification(payment: Payment, apiV3Key: string): string {
  const { mchid, appid, out_trade_no, transaction_id, total, paidAt } = payment;
  const resource = {
    mchid,
    appid,
    out_trade_no,
    transaction_id,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    attach: '',
    success_time: beijingTime(paidAt),
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
  };
  return sealNotification(
    { event_type: 'TRANSACTION.SUCCESS', original_type: 'transaction', summary: '支付成功', resource },
    apiV3Key,
    paidAt,
  );
}
