import type { Order } from '../../../../../../lambdas/shared/orders/order.ts';
import { agendaOf } from '../../../../../../lambdas/shared/orders/order-agenda.ts';
import { automaticRefund } from '../../../../../../lambdas/shared/refunds/automatic-refund.ts';
import type { RefundRow } from '../../../../../../lambdas/shared/refunds/refund-row.ts';
import { createBillOrders } from '../../../../../../lambdas/shared/wechat-pay/bill/bill-orders.ts';
import { compareBill, type Difference } from '../../../../../../lambdas/shared/wechat-pay/bill/compare.ts';
import { gatherKnown } from '../../../../../../lambdas/shared/wechat-pay/bill/gather-known.ts';
import { parseBill } from '../../../../../../lambdas/shared/wechat-pay/bill/parse-bill.ts';
import { now } from '../../../builders.ts';
import { MemoryOrdersStore } from '../../orders/memory-orders-store.ts';
import { orderIn, payment } from '../../orders/orders.ts';
import { MemoryRefundsStore } from '../../refunds/memory-refunds-store.ts';
import { type BilledLine, billText, paidLine, refundLine } from './bill-text.ts';

const date = '2026-11-23';
const { PAID, PAYING, CLOSED, REFUNDING, REFUNDED } = orderIn;

interface Given {
  readonly paid?: readonly BilledLine[];
  readonly refunded?: readonly BilledLine[];
  readonly orders?: readonly Order[];
  readonly refunds?: readonly RefundRow[];
  readonly before?: readonly string[];
}

/** What is found when WeChat Pay's bill and our tables say this. */
async function found({ paid = [], refunded = [], orders = [], refunds = [], before = [] }: Given) {
  const sum = (texts: readonly (string | undefined)[]) =>
    texts.reduce((all, text = '88.00') => all + Math.round(Number(text) * 100), 0) / 100;
  const text = billText(
    [...paid.map(paidLine), ...refunded.map(refundLine)],
    [
      String(paid.length + refunded.length),
      sum(paid.map(({ total }) => total)).toFixed(2),
      sum(refunded.map(({ refund }) => refund)).toFixed(2),
    ],
  );
  const bill = parseBill(Buffer.from(text));
  const agenda = {
    async *all(topic: string) {
      for (const order of orders) if (agendaOf(order, now)?.agenda.startsWith(`${topic}#`)) yield { ...order };
    },
  };
  const gathered = await gatherKnown(bill, date, {
    orders: createBillOrders(agenda, new MemoryOrdersStore(...orders)),
    refunds: new MemoryRefundsStore(...refunds),
  });
  return compareBill({ bill, ...gathered, before: new Set(before) });
}

const kinds = (differences: readonly Difference[]) => differences.map(({ kind }) => kind);

const at = (paid_at: string): Order => ({ ...orderIn.PAID, paid_at }) as Order;
const refundRow: RefundRow = {
  transaction_id: '42',
  out_refund_no: 'R-1',
  out_trade_no: 'T-1',
  refund: 8800,
  total: 8800,
  currency: 'CNY',
  state: 'SUCCESS',
  reason: 'asked by the customer',
  requested_at: now.toISOString(),
};

describe('a payment in the bill', () => {
  it.each([
    ['PAID', PAID],
    ['REFUNDING', REFUNDING],
    ['REFUNDED', REFUNDED],
  ])('is no difference when its order is %s by it', async (_, order) => {
    expect(await found({ paid: [{}], orders: [order] })).toEqual([]);
  });

  it.each([
    ['is not there', undefined, undefined],
    ['is still PAYING', PAYING, 'PAYING'],
    ['is CLOSED', CLOSED, 'CLOSED'],
    ['is PAID by another payment', { ...PAID, transaction_id: '41' }, 'PAID'],
  ] as const)('is missing here when its order %s', async (_, order, state) => {
    const differences = await found({
      paid: [{}, ...(order?.transaction_id === '41' ? [{ transaction_id: '41' }] : [])],
      orders: order ? [order as Order] : [],
    });

    expect(differences).toMatchObject([{ kind: 'payment-missing-here', payment: { transaction_id: '42' } }]);
    expect(differences[0]).toHaveProperty('order', state);
  });

  it.each([['paid twice'], ['paid after it was closed']] as const)(
    'is no difference when it is sent back, for the order was %s',
    async (reason) => {
      const refund: RefundRow = { ...automaticRefund(payment, reason, now), state: 'REQUESTED' };
      const order = reason === 'paid twice' ? ({ ...PAID, transaction_id: '41' } as Order) : CLOSED;
      const first = reason === 'paid twice' ? [{ transaction_id: '41' }] : [];

      expect(await found({ paid: [{}, ...first], orders: [order], refunds: [refund] })).toEqual([]);
    },
  );

  it('is missing here when what should have sent it back was refused', async () => {
    const refund: RefundRow = { ...automaticRefund(payment, 'paid after it was closed', now), state: 'CLOSED' };

    expect(kinds(await found({ paid: [{}], orders: [CLOSED], refunds: [refund] }))).toEqual(['payment-missing-here']);
  });

  it.each([
    ['its amount', { total: '88.01' }, ['total']],
    ['its currency', { currency: 'HKD' }, ['currency']],
    ['its order', { out_trade_no: 'T-2' }, ['out_trade_no']],
    ['its amount and its currency', { total: '0.88', currency: 'HKD' }, ['total', 'currency']],
  ])('differs in %s', async (_, line, fields) => {
    expect(await found({ paid: [line], orders: [PAID] })).toMatchObject([{ kind: 'payment-differs', in: fields }]);
  });

  it('differs too when its order was paid on another day', async () => {
    expect(kinds(await found({ paid: [{ total: '1.00' }], orders: [at('2026-11-24T00:00:01+08:00')] }))).toEqual([
      'payment-differs',
    ]);
  });
});

describe('an order that was paid that day', () => {
  it.each([
    ['PAID', PAID],
    ['REFUNDING', REFUNDING],
    ['REFUNDED', REFUNDED],
  ])('is missing there when it is %s and the bill has no payment of it', async (_, order) => {
    const differences = await found({
      orders: [order, { ...PAID, out_trade_no: 'T-2', transaction_id: '43' } as Order],
    });

    expect(differences).toMatchObject([
      { kind: 'payment-missing-there', order: { transaction_id: '42' } },
      { kind: 'payment-missing-there', order: { transaction_id: '43' } },
    ]);
  });

  it('is not missing there when the bill has it as REVOKED: that is what differs', async () => {
    expect(kinds(await found({ paid: [{ state: 'REVOKED' }], orders: [PAID] }))).toEqual(['state-unknown']);
  });

  it('is none that nobody has paid, or that was paid on another day', async () => {
    const others = [
      PAYING,
      { ...CLOSED, out_trade_no: 'T-2' },
      { ...at('2026-11-22T12:00:00+08:00'), out_trade_no: 'T-3' },
      { ...at('2026-11-24T12:00:00+08:00'), out_trade_no: 'T-4' },
    ] as Order[];

    expect(await found({ orders: others })).toEqual([]);
  });
});

describe('around midnight', () => {
  it.each(['2026-11-22T23:59:58+08:00', '2026-11-24T00:00:02+08:00', '2026-11-20T12:00:00+08:00'])(
    'a payment is found by its order, when that says it was at %s',
    async (paid_at) => {
      expect(await found({ paid: [{ time: '2026-11-23 00:00:01' }], orders: [at(paid_at)] })).toEqual([]);
    },
  );

  it.each(['2026-11-22T23:56:00+08:00', '2026-11-23T00:04:00+08:00'])(
    'an order paid at %s may be in the bill of the day before',
    async (paid_at) => {
      expect(await found({ orders: [at(paid_at)], before: ['42'] })).toEqual([]);
      expect(kinds(await found({ orders: [at(paid_at)] }))).toEqual(['payment-missing-there']);
    },
  );

  it('an order paid in the last minutes of the day is looked for with the next one, whose bill may have it', async () => {
    expect(await found({ orders: [at('2026-11-23T23:56:00+08:00')] })).toEqual([]);
    expect(kinds(await found({ orders: [at('2026-11-23T23:54:59+08:00')] }))).toEqual(['payment-missing-there']);
    // In another offset it is the same moment.
    expect(kinds(await found({ orders: [at('2026-11-22T16:10:00Z')] }))).toEqual(['payment-missing-there']);
  });
});

describe('a refund in the bill', () => {
  const sold = { paid: [{}], orders: [REFUNDING] };

  it('is no difference when it is known by its number, and over the same amount', async () => {
    const partly = { ...refundRow, refund: 30 };

    expect(await found({ ...sold, refunded: [{}], refunds: [refundRow] })).toEqual([]);
    const withdrawn: RefundRow = { ...refundRow, state: 'WITHDRAWN' };
    expect(kinds(await found({ ...sold, refunded: [{}], refunds: [withdrawn] }))).toEqual(['refund-missing-here']);
    expect(await found({ ...sold, refunded: [{ refund: '0.30' }], refunds: [partly] })).toEqual([]);
  });

  it('is no difference when its order was sent back as a whole by it, on whatever day it was paid', async () => {
    const old = { ...REFUNDED, paid_at: '2026-11-01T10:00:00+08:00' } as Order;

    expect(await found({ paid: [{}], refunded: [{}], orders: [REFUNDED] })).toEqual([]);
    expect(await found({ refunded: [{}], orders: [old] })).toEqual([]);
  });

  it.each([
    ['nobody asked for it', []],
    ['another was asked for', [{ ...refundRow, out_refund_no: 'R-2' }]],
    ['one of that number is of another payment', [{ ...refundRow, transaction_id: '41' }]],
  ])('is missing here when %s', async (_, refunds) => {
    expect(await found({ ...sold, refunded: [{}], refunds })).toMatchObject([
      { kind: 'refund-missing-here', refund: { refund_id: '50', refund: 8800 } },
    ]);
  });

  it('is missing here when it has no number of ours', async () => {
    expect(kinds(await found({ ...sold, refunded: [{ out_refund_no: '' }], refunds: [refundRow] }))).toEqual([
      'refund-missing-here',
    ]);
  });

  it('differs when it is over another amount', async () => {
    expect(await found({ ...sold, refunded: [{ refund: '88.01' }], refunds: [refundRow] })).toMatchObject([
      { kind: 'refund-differs', here: 8800, refund: { refund: 8801 } },
    ]);
    expect(kinds(await found({ refunded: [{ refund: '1.00' }], orders: [REFUNDED], paid: [{}] }))).toEqual([
      'refund-differs',
    ]);
  });
});
