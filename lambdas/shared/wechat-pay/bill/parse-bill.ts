import { parse } from 'csv-parse/sync';
import type { Bill, BilledPayment, BilledRefund, BilledRow } from './bill.ts';
import { type Columns, columnsIn } from './columns.ts';
import { UnreadableBillError } from './errors.ts';
import { fenOf } from './yuan.ts';

/** Of all rows. */
interface Sums {
  rows: number;
  ordered: number;
  refunded: number;
}

const rowNames = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '微信订单号',
  '商户订单号',
  '交易状态',
  '货币种类',
  '微信退款单号',
  '商户退款单号',
  '订单金额',
  '申请退款金额',
] as const;
const summaryNames = ['总交易单数', '订单总金额', '申请退款总金额'] as const;

/** Texts of people, which may hold whatever parts columns and rows: all that is too much in a row is theirs. */
const freeTexts = { first: '商品名称', last: '商户数据包' } as const;

/** A line that neither begins a row nor the summary goes on with a text of the row before. */
const lineBreakInText = /\r?\n(?![`总]|$)/g;

/**
 * A bill as WeChat Pay writes it: names, rows, then names and values of a summary; each value after a backtick, and none quoted. Columns are
 * found by their names. Throws an `UnreadableBillError` unless the summary agrees with the rows: else something was cut off.
 */
export function parseBill(csv: Buffer): Bill {
  const bill = { payments: [], refunds: [], others: [] };
  const sums: Sums = { rows: 0, ordered: 0, refunded: 0 };
  let columns: Columns<(typeof rowNames)[number]> | undefined;
  let summary: Columns<(typeof summaryNames)[number]> | undefined;
  let isComplete = false;

  const onRecord = (fields: readonly string[], line: number): void => {
    const [first = ''] = fields;
    if (!columns) columns = columnsIn(first, rowNames, freeTexts);
    else if (isComplete) throw new UnreadableBillError(`line ${line} comes after its summary`);
    else if (!first.startsWith('`')) summary = columnsIn(first, summaryNames);
    else if (!summary) addRow(bill, sums, columns.valuesOf(fields, line), line);
    else {
      checkSummary(summary.valuesOf(fields, line), sums);
      isComplete = true;
    }
  };
  eachRecord(textOf(csv), onRecord);
  if (!isComplete) throw new UnreadableBillError('it ends before its summary');
  return bill;
}

function textOf(csv: Buffer): string {
  try {
    // Without its byte order mark, if it has one.
    return new TextDecoder('utf-8', { fatal: true }).decode(csv);
  } catch {
    throw new UnreadableBillError('it is not UTF-8');
  }
}

/** One at a time: a bill of a hundred thousand rows is not held as fields. */
function eachRecord(text: string, onRecord: (fields: readonly string[], line: number) => void): void {
  parse(text.replace(lineBreakInText, ' '), {
    // The backtick begins a value; a comma without it is one in a text.
    delimiter: ',`',
    record_delimiter: ['\r\n', '\n'],
    quote: false,
    escape: null,
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (fields: readonly string[], { lines }) => {
      onRecord(fields, lines);
      return null;
    },
  });
}

interface Growing {
  readonly payments: BilledPayment[];
  readonly refunds: BilledRefund[];
  readonly others: BilledRow[];
}

function addRow(
  { payments, refunds, others }: Growing,
  sums: Sums,
  value: (name: (typeof rowNames)[number]) => string,
  line: number,
): void {
  const row = {
    transaction_id: value('微信订单号'),
    out_trade_no: value('商户订单号'),
    mchid: value('商户号'),
    appid: value('公众账号ID'),
    state: value('交易状态'),
  };
  const total = fenOf(value('订单金额'));
  const refund = fenOf(value('申请退款金额'));
  sums.rows += 1;
  sums.ordered += total;
  sums.refunded += refund;
  const empty = Object.entries(row).flatMap(([name, said]) => (said === '' ? [name] : []));
  if (empty.length > 0) throw new UnreadableBillError(`line ${line} has no ${empty.join(', ')}`);
  if (row.state === 'SUCCESS') {
    payments.push({ ...row, total, paidAt: timeOf(value('交易时间'), line), currency: value('货币种类') });
  } else if (row.state === 'REFUND') {
    refunds.push({ ...row, refund, refund_id: value('微信退款单号'), out_refund_no: value('商户退款单号') });
  } else others.push(row);
}

/** `2026-11-26 10:00:00`, of Beijing. */
function timeOf(text: string, line: number): string {
  const [, date, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  const iso = `${date}T${time}+08:00`;
  if (Number.isNaN(Date.parse(iso))) throw new UnreadableBillError(`line ${line} has no time of its transaction`);
  return iso;
}

function checkSummary(said: (name: (typeof summaryNames)[number]) => string, sums: Sums): void {
  const told = {
    rows: /^\d{1,15}$/.test(said('总交易单数')) ? Number(said('总交易单数')) : undefined,
    ordered: fenOf(said('订单总金额')),
    refunded: fenOf(said('申请退款总金额')),
  };
  const differing = (['rows', 'ordered', 'refunded'] as const).filter((name) => told[name] !== sums[name]);
  if (differing.length === 0) return;
  const difference = differing.map((name) => `${name} ${String(told[name])} instead of ${sums[name]}`).join(', ');
  throw new UnreadableBillError(`its summary does not agree with its rows, as if it was cut off: ${difference}`);
}
