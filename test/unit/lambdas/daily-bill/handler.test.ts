import { createCompareDay } from '../../../../lambdas/daily-bill/compare-day.ts';
import { createHandler } from '../../../../lambdas/daily-bill/handler.ts';
import { noClaims } from '../../../../lambdas/daily-bill/no-writes.ts';
import { decodeMessage } from '../../../../lambdas/shared/broker/envelope.ts';
import { keyOf } from '../../../../lambdas/shared/exceptions/exception-item.ts';
import type { NewException } from '../../../../lambdas/shared/exceptions/exceptions.ts';
import { createMessageExceptions } from '../../../../lambdas/shared/exceptions/message-exceptions.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import { agendaOf } from '../../../../lambdas/shared/orders/order-agenda.ts';
import type { RefundRow } from '../../../../lambdas/shared/refunds/refund-row.ts';
import { createBillOrders } from '../../../../lambdas/shared/wechat-pay/bill/bill-orders.ts';
import { createOpenDifference } from '../../../../lambdas/shared/wechat-pay/bill/open-difference.ts';
import { paymentSuccessSchema } from '../../../../lambdas/shared/wechat-pay/payment-success.ts';
import { CountingMeter, lambdaContext, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn, payment } from '../shared/orders/orders.ts';
import { MemoryRefundsStore } from '../shared/refunds/memory-refunds-store.ts';
import { billText, paidLine, refundLine } from '../shared/wechat-pay/bill/bill-text.ts';

const halfPastTen = new Date('2026-11-24T02:30:00Z');
const yesterday = '2026-11-23';

interface Given {
  /** By the day. Default: no bill. */
  readonly bills?: Readonly<Record<string, string>>;
  readonly orders?: readonly Order[];
  readonly refunds?: readonly RefundRow[];
  /** Writes that fail, from the first on. */
  readonly failing?: number;
}

function given({ bills = {}, orders = [], refunds = [], failing = 0 }: Given) {
  const rows = new Map<string, NewException & { occurrences: number }>();
  const asked: string[] = [];
  const meter = new CountingMeter();
  let failures = failing;
  const exceptions = {
    async open(exception: NewException) {
      if (failures-- > 0) throw new Error('DynamoDB is down');
      const key = JSON.stringify(keyOf(exception));
      rows.set(key, { ...exception, occurrences: (rows.get(key)?.occurrences ?? 0) + 1 });
    },
  };
  const agenda = {
    async *all(topic: string) {
      for (const order of orders) if (agendaOf(order, now)?.agenda.startsWith(`${topic}#`)) yield { ...order };
    },
  };
  const handler = createHandler({
    compareDay: createCompareDay({
      bills: {
        async tradeBill(date) {
          asked.push(date);
          const text = bills[date];
          return text === undefined ? undefined : Buffer.from(text);
        },
      },
      mchid: async () => payment.mchid,
      orders: createBillOrders(agenda, new MemoryOrdersStore(...orders)),
      refunds: new MemoryRefundsStore(...refunds),
    }),
    open: createOpenDifference({
      exceptions,
      keep: createMessageExceptions({ claims: noClaims, exceptions }),
      paymentsQueue: {
        vhost: '/',
        name: 'orders.payments',
        operations: { impact: 'Customers have paid.', personal: [] },
      },
      now: () => halfPastTen,
    }),
    now: () => halfPastTen,
    log: silentLog,
    meter,
  });
  const run = (event: object = {}) => handler(event, lambdaContext());
  return { run, rows: () => [...rows.values()], asked, meter };
}

const counted = ({ counts }: CountingMeter, metric: string) => counts.filter(([name]) => name === metric);
const one = { [yesterday]: billText([paidLine()], ['1', '88.00', '0.00']) };

/** A difference of each kind. */
const manyDifferences: Given = {
  bills: {
    [yesterday]: billText(
      [
        paidLine({ transaction_id: '1', out_trade_no: 'missing' }),
        paidLine({ transaction_id: '2', out_trade_no: 'T-2', total: '88.01' }),
        refundLine({ transaction_id: '2', out_trade_no: 'T-2', refund_id: '51', out_refund_no: 'R-2', refund: '1.00' }),
        refundLine({ transaction_id: '2', out_trade_no: 'T-2', refund_id: '52', out_refund_no: 'R-3', refund: '2.00' }),
        paidLine({ transaction_id: '4', out_trade_no: 'T-4', state: 'REVOKED', total: '1.00' }),
      ],
      ['5', '177.01', '3.00'],
    ),
  },
  orders: [
    { ...orderIn.PAID, out_trade_no: 'T-2', transaction_id: '2' } as Order,
    { ...orderIn.PAID, out_trade_no: 'T-3', transaction_id: '3' } as Order,
  ],
  refunds: [
    {
      transaction_id: '2',
      out_refund_no: 'R-3',
      out_trade_no: 'T-2',
      refund: 201,
      total: 8800,
      currency: 'CNY',
      state: 'SUCCESS',
      reason: 'asked by the customer',
      requested_at: now.toISOString(),
    },
  ],
};

describe('the daily bill', () => {
  it('that agrees with our orders opens nothing, and is counted', async () => {
    const { run, rows, meter } = given({ bills: one, orders: [orderIn.PAID] });

    expect(await run()).toEqual({ bill_date: yesterday, payments: 1, refunds: 0, differences: 0 });
    expect(rows()).toEqual([]);
    expect(meter.counts).toEqual([['BillsCompared', {}]]);
  });

  it('opens one exception for each difference, which says what to do', async () => {
    const { run, rows, meter } = given(manyDifferences);

    expect(await run()).toMatchObject({ payments: 2, refunds: 2, differences: 6 });
    const told = Object.fromEntries(rows().map(({ error }) => [error.name, error.message]));
    expect(told).toEqual({
      PaymentMissingHere: expect.stringMatching(
        /the payment 1 of the order missing, 8800 fen CNY.*create it and replay/,
      ),
      PaymentMissingThere: expect.stringMatching(/lacks the payment 3.*Stop its fulfilment/),
      PaymentDiffers: expect.stringMatching(/total is 8801 there and 8800 here.*look at the payment/),
      RefundMissingHere: expect.stringMatching(/refund 51 \(R-2\) over 100 fen.*merchant portal/),
      RefundDiffers: expect.stringMatching(/refund 52 \(R-3\).*over 200 fen, and here it is over 201 fen.*Look/),
      BilledStateUnknown: expect.stringMatching(/transaction 4 .* as REVOKED.*must not be fulfilled/),
    });
    expect(new Set(rows().map(({ reason }) => reason))).toEqual(new Set(['difference']));
    expect(
      counted(meter, 'BillDifferences')
        .map(([, { kind }]) => kind)
        .sort(),
    ).toEqual([
      'payment-differs',
      'payment-missing-here',
      'payment-missing-there',
      'refund-differs',
      'refund-missing-here',
      'state-unknown',
    ]);
  });

  it('that is compared twice has the same rows', async () => {
    const { run, rows } = given(manyDifferences);

    await run();
    await run({ bill_date: yesterday });

    expect(rows().map(({ occurrences }) => occurrences)).toEqual(Array(6).fill(2));
  });

  it('has a row for each refund that is missing here, of one payment too', async () => {
    const refunds = ['51', '52'].map((refund_id) => refundLine({ refund_id, out_refund_no: `R-${refund_id}` }));
    const { run, rows } = given({
      bills: { [yesterday]: billText([paidLine(), ...refunds], ['3', '88.00', '176.00']) },
      orders: [orderIn.PAID],
    });

    await run();

    expect(rows().map(({ error }) => error.name)).toEqual(['RefundMissingHere', 'RefundMissingHere']);
  });

  it('that was half stored is stored whole by the next try, and counted only then', async () => {
    const { run, rows, meter } = given({ ...manyDifferences, failing: 1 });

    expect(String(await rejectionOf(run()))).toContain('DynamoDB is down');
    expect(counted(meter, 'BillsCompared')).toEqual([]);
    await run();

    expect(rows()).toHaveLength(6);
  });

  it('keeps a payment that is missing here as the message that would have told of it', async () => {
    const { run, rows } = given({ bills: one, orders: [orderIn.PAYING] });

    await run();

    const [row] = rows();
    expect(row).toMatchObject({
      eventId: 'bill:2026-11-23:payment-missing-here:42',
      queue: { vhost: '/', name: 'orders.payments' },
      businessKey: 'wechat:1900000001:42:TRANSACTION.SUCCESS',
      operations: { impact: 'Customers have paid.' },
    });
    const message = decodeMessage(row?.body ?? '', row?.envelope ?? '', 'other');
    expect(message).toMatchObject({
      exchange: 'payments',
      routingKeys: ['payment.success'],
      properties: { message_id: row?.eventId },
    });
    expect('payload' in message && paymentSuccessSchema.parse(JSON.parse(message.payload))).toEqual(payment);
  });

  it('misses a payment of which a part alone was sent back, and not one of which all was', async () => {
    const sentBack = (refund: number): RefundRow => ({
      transaction_id: payment.transaction_id,
      out_refund_no: 'R-9',
      out_trade_no: 'T-1',
      refund,
      total: 8800,
      currency: 'CNY',
      state: 'PROCESSING',
      reason: 'asked for elsewhere',
      requested_at: now.toISOString(),
    });
    const differencesWith = async (refund: number) =>
      (await given({ bills: one, orders: [orderIn.PAYING], refunds: [sentBack(refund)] }).run()).differences;

    expect([await differencesWith(8_799), await differencesWith(8_800)]).toEqual([1, 0]);
  });

  it('that does not exist is one of a day without sales: what was paid here is missing there', async () => {
    expect(await given({}).run()).toMatchObject({ payments: 0, differences: 0 });
    expect(await given({ orders: [orderIn.PAID] }).run()).toMatchObject({ payments: 0, differences: 1 });
  });

  it('of another merchant is refused', async () => {
    const { run, rows } = given({
      bills: { [yesterday]: billText([paidLine(), paidLine({ mchid: '1900000002' })], ['2', '176.00', '0.00']) },
      orders: [orderIn.PAID],
    });

    expect(String(await rejectionOf(run()))).toContain('1 rows are of another merchant than 1900000001');
    expect(rows()).toEqual([]);
  });

  it('of the day before is asked for only when a payment around midnight is in neither', async () => {
    const early = { ...orderIn.PAID, paid_at: '2026-11-23T00:00:03+08:00' } as Order;
    const before = { '2026-11-22': billText([paidLine()], ['1', '88.00', '0.00']) };
    const inOwn = given({ bills: one, orders: [early] });
    const inOther = given({ bills: before, orders: [early] });
    const inNone = given({ orders: [early] });

    expect([await inOwn.run(), await inOther.run(), await inNone.run()]).toMatchObject([
      { differences: 0 },
      { differences: 0 },
      { differences: 1 },
    ]);
    expect([inOwn.asked, inOther.asked, inNone.asked]).toEqual([
      [yesterday],
      [yesterday, '2026-11-22'],
      [yesterday, '2026-11-22'],
    ]);
  });

  it('of the day before finds what the day itself would not judge: each order is missing once', async () => {
    const late = { ...orderIn.PAID, paid_at: '2026-11-22T23:59:00+08:00' } as Order;

    const { run, rows } = given({ orders: [late] });
    await run({ bill_date: '2026-11-22' });
    expect(rows()).toEqual([]);
    await run();
    expect(rows()).toHaveLength(1);
  });

  it('of a day that is not over is refused before anything is asked', async () => {
    const { run, asked } = given({});

    expect(await rejectionOf(run({ bill_date: '2026-11-24' }))).toMatchObject({ name: 'BillDateError' });
    expect(asked).toEqual([]);
  });
});
