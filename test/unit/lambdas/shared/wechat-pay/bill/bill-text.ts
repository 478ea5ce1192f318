/** A bill of WeChat Pay's, written from its documentation (交易账单) and not from our code. */
const header =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const summaryHeader = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

export interface BilledLine {
  readonly time?: string;
  readonly transaction_id?: string;
  readonly out_trade_no?: string;
  readonly mchid?: string;
  readonly state?: string;
  readonly currency?: string;
  readonly total?: string;
  readonly refund_id?: string;
  readonly out_refund_no?: string;
  readonly refund?: string;
  readonly description?: string;
  readonly attach?: string;
}

export function paidLine(line: BilledLine = {}): string {
  const { refund_id = '0', out_refund_no = '0', refund = '0.00', state = 'SUCCESS', total = '88.00' } = line;
  const values = [
    line.time ?? '2026-11-23 10:00:00',
    'wx0000000000000001',
    line.mchid ?? '1900000001',
    '0',
    '',
    line.transaction_id ?? '42',
    line.out_trade_no ?? 'T-1',
    'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    'JSAPI',
    state,
    'OTHERS',
    line.currency ?? 'CNY',
    total,
    '0.00',
    refund_id,
    out_refund_no,
    refund,
    '0.00',
    state === 'REFUND' ? 'ORIGINAL' : '',
    state === 'REFUND' ? 'SUCCESS' : '',
    line.description ?? '被扫支付测试',
    line.attach ?? '',
    '0.52800',
    '0.60%',
    total,
    refund,
    '',
  ];
  return ticked(values);
}

export function refundLine(line: BilledLine = {}): string {
  return paidLine({ state: 'REFUND', total: '0.00', refund_id: '50', out_refund_no: 'R-1', refund: '88.00', ...line });
}

/** `rows`, `ordered` and `refunded` as the last line has them. */
export function billText(
  lines: readonly string[],
  [rows, ordered, refunded]: readonly [rows: string, ordered: string, refunded: string],
): string {
  const summary = ticked([rows, ordered, refunded, '0.00', '0.52800', ordered, refunded]);
  return [header, ...lines, summaryHeader, summary].map((line) => `${line}\r\n`).join('');
}

/** One paid order. */
export const oneRow = billText([paidLine()], ['1', '88.00', '0.00']);

function ticked(values: readonly string[]): string {
  return values.map((value) => `\`${value}`).join(',');
}
