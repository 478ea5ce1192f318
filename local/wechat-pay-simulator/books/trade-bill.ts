import { isPaid, type Order, type PaidOrder } from './order.ts';
import type { Refund } from './refund.ts';

export const billTypes = ['ALL', 'SUCCESS', 'REFUND'] as const;
export type BillType = (typeof billTypes)[number];

const header =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const summaryHeader = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

interface Row {
  readonly time: string;
  readonly order: PaidOrder;
  readonly refund?: Refund;
}

/**
 * The bill of a day in Beijing, as it is downloaded: amounts in 元, a backtick before every value, nothing quoted although a description may
 * hold commas. Undefined when nothing was paid or refunded that day. A refund that was closed is not in it (unverified).
 */
export function tradeBill(
  { orders, refunds }: { readonly orders: readonly Order[]; readonly refunds: readonly Refund[] },
  day: string,
  type: BillType,
): string | undefined {
  const paid = orders.filter(isPaid);
  const payments = paid.map((order): Row => ({ time: order.state.payment.success_time, order }));
  const refunded = refunds.flatMap((refund): Row[] => {
    const order = paid.find(({ state }) => state.payment.transaction_id === refund.transaction_id);
    return order && refund.status !== 'CLOSED' ? [{ time: refund.create_time, order, refund }] : [];
  });
  const wanted = { ALL: [...payments, ...refunded], SUCCESS: payments, REFUND: refunded }[type];
  const rows = wanted.filter(({ time }) => time.startsWith(day)).sort((a, b) => (a.time < b.time ? -1 : 1));
  if (rows.length === 0) return undefined;
  const lines = [header, ...rows.map(line), summaryHeader, summaryLine(rows)];
  return lines.map((text) => `${text}\r\n`).join('');
}

function line({ time, order, refund }: Row): string {
  const { terms, state } = order;
  const { total, currency } = terms.amount;
  const common = [
    time.slice(0, 19).replace('T', ' '),
    terms.appid,
    terms.mchid,
    '0',
    '',
    state.payment.transaction_id,
    terms.out_trade_no,
    state.payment.openid,
    terms.trade_type,
    refund ? 'REFUND' : 'SUCCESS',
    'OTHERS',
    currency,
  ];
  const sold = [terms.description, terms.attach ?? ''];
  if (!refund) {
    return ticked([
      ...common,
      yuan(total),
      ...['0.00', '0', '0', '0.00', '0.00', '', ''],
      ...sold,
      feeOf(total),
      '0.60%',
      yuan(total),
      '0.00',
      '',
    ]);
  }
  const { refund_id, out_refund_no, status, amount } = refund;
  return ticked([
    ...common,
    ...['0.00', '0.00'],
    refund_id,
    out_refund_no,
    yuan(amount.refund),
    '0.00',
    'ORIGINAL',
    status,
    ...sold,
    feeOf(-amount.refund),
    '0.60%',
    '0.00',
    yuan(amount.refund),
    '',
  ]);
}

function summaryLine(rows: readonly Row[]): string {
  const paid = sum(rows.map(({ order, refund }) => (refund ? 0 : order.terms.amount.total)));
  const refunded = sum(rows.map(({ refund }) => refund?.amount.refund ?? 0));
  return ticked([
    String(rows.length),
    yuan(paid),
    yuan(refunded),
    '0.00',
    feeOf(paid - refunded),
    yuan(paid),
    yuan(refunded),
  ]);
}

function ticked(values: readonly string[]): string {
  return values.map((value) => `\`${value}`).join(',');
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** 分 in 元. */
function yuan(fen: number): string {
  return decimal(fen, 2);
}

/** 0.60 % of an amount in 分, in 元 with five decimals. */
function feeOf(fen: number): string {
  return decimal(fen * 6, 5);
}

/** An integer with its point moved: no rounding of binary fractions. */
function decimal(units: number, places: number): string {
  const digits = String(Math.abs(units)).padStart(places + 1, '0');
  return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
