import { createHandler } from '../../../../lambdas/refund-desk/handler.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import type { RefundRow, RefundState } from '../../../../lambdas/shared/refunds/refund-row.ts';
import { settleRefund } from '../../../../lambdas/shared/refunds/settle-refund.ts';
import type { Refund } from '../../../../lambdas/shared/wechat-pay/api/refund.ts';
import { CountingMeter, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn, refund as refundTold } from '../shared/orders/orders.ts';
import { MemoryRefundsStore } from '../shared/refunds/memory-refunds-store.ts';

const operator = { who: 'arn:aws:iam::1:user/ming', why: 'ticket 7' };
const out_trade_no = 'T-1';
const askingMs = 60_000;

const row: RefundRow = {
  transaction_id: '42',
  out_refund_no: 'R-1',
  out_trade_no,
  refund: 8800,
  total: 8800,
  currency: 'CNY',
  state: 'REQUESTED',
  reason: 'paid twice',
  requested_at: '2026-11-23T01:00:00.000Z',
};

interface World {
  readonly orders?: readonly Order[];
  readonly refunds?: readonly RefundRow[];
  readonly known?: Refund['status'];
  /** What happens while WeChat Pay is asked. */
  readonly meanwhile?: (refunds: MemoryRefundsStore) => Promise<unknown>;
  /** Of the secret. */
  readonly mchid?: string;
}

function given({ orders = [orderIn.PAID], refunds: rows = [], known, meanwhile, mchid = '1900000001' }: World = {}) {
  const store = new MemoryOrdersStore(...orders);
  const refunds = new MemoryRefundsStore(...rows);
  const queried: string[] = [];
  const desk = createHandler({
    store,
    refunds,
    async *openRefunds() {
      // As the index knows them.
      yield* rows;
    },
    api: {
      mchid: async () => mchid,
      async queryRefund({ out_refund_no }) {
        queried.push(out_refund_no);
        await meanwhile?.(refunds);
        const amount = { total: row.total, refund: row.refund };
        return known && { ...row, refund_id: '50', status: known, amount };
      },
    },
    askingMs,
    now: () => now,
    newEventId: () => 'event-1',
    log: silentLog,
    meter: new CountingMeter(),
  });
  return {
    desk,
    store,
    refunds,
    queried,
    request: (fen: number, out_refund_no = 'R-1') =>
      desk({ act: 'request', out_trade_no, out_refund_no, fen, operator }),
    withdraw: (out_refund_no = 'R-1') => desk({ act: 'withdraw', out_refund_no, operator }),
  };
}

describe('a refund that an operator requests', () => {
  it('is kept with who asked and why, told to the function that asks WeChat Pay, and stops its order', async () => {
    const { request, refunds, store } = given();

    expect(await request(8800)).toMatchObject({ outcome: 'requested', refund: { state: 'REQUESTED' } });

    expect(refunds.all).toEqual([
      {
        ...row,
        reason: operator.why,
        requested_by: operator.who,
        requested_at: now.toISOString(),
      },
    ]);
    expect(refunds.messages.map(({ message }) => message.routingKeys)).toEqual([['refund.requested']]);
    expect(await store.find(out_trade_no)).toMatchObject({ state: 'REFUNDING' });
  });

  it('of a part leaves its order as it is, and the rest of it stops the order', async () => {
    const { request, store } = given();

    await request(800);
    expect(await store.find(out_trade_no)).toMatchObject({ state: 'PAID' });

    await request(8000, 'R-2');
    expect(await store.find(out_trade_no)).toMatchObject({ state: 'REFUNDING' });
  });

  it('is one refund under its number, and stops its order though whoever asked first died before that', async () => {
    const { request, refunds, store } = given({ refunds: [row] });

    expect(await request(8800)).toMatchObject({ outcome: 'repeated' });

    expect(refunds.all).toHaveLength(1);
    expect(refunds.messages).toEqual([]);
    expect(await store.find(out_trade_no)).toMatchObject({ state: 'REFUNDING' });
  });

  it('is never more than what is left of the payment', async () => {
    const { request, refunds } = given({ refunds: [{ ...row, out_refund_no: 'R-0', refund: 8000, state: 'SUCCESS' }] });

    const answer = await request(801);

    expect(answer).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/800 are left/) });
    expect(refunds.messages).toEqual([]);
    expect(await request(800, 'R-2')).toMatchObject({ outcome: 'requested' });
  });

  it.each([
    ['of the payment', row],
    ['of another payment, for WeChat Pay has one refund for each number', { ...row, transaction_id: '43' }],
  ])('under the number of another %s is refused', async (_, other) => {
    const { request, refunds } = given({ refunds: [other] });

    expect(await request(1)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/another refund R-1/) });
    expect(refunds.messages).toEqual([]);
  });

  it('under the number of one that was CLOSED is refused: nobody asks for that any more', async () => {
    const { request } = given({ refunds: [{ ...row, state: 'CLOSED' }] });

    expect(await request(8800)).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('CLOSED') });
  });

  it('of the second payment of an order leaves the order as it is', async () => {
    const second: RefundRow = { ...row, transaction_id: '43', out_refund_no: 'WR43', state: 'CLOSED' };
    const ofAnother: RefundRow = { ...second, transaction_id: '45', out_refund_no: 'WR45', out_trade_no: 'T-2' };
    const { desk, refunds, store } = given({ refunds: [second, ofAnother] });
    const asked = { act: 'request', out_trade_no, out_refund_no: 'R-2', fen: 8800, operator } as const;

    expect(await desk({ ...asked, transaction_id: '44' })).toMatchObject({ outcome: 'refused' });
    expect(await desk({ ...asked, transaction_id: '45' })).toMatchObject({ outcome: 'refused' });
    expect(await desk({ ...asked, transaction_id: '43' })).toMatchObject({ outcome: 'requested' });

    expect(refunds.all.map(({ transaction_id }) => transaction_id)).toEqual(['43', '45', '43']);
    expect(await store.find(out_trade_no)).toMatchObject({ state: 'PAID' });
  });

  it.each(['PAYING', 'CLOSED'] as const)('of an order that nobody has paid is refused: %s', async (state) => {
    const { request, refunds } = given({ orders: [orderIn[state]] });

    expect(await request(1)).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(state) });
    expect(refunds.all).toEqual([]);
  });

  it('of an order that is unknown is refused', async () => {
    expect(await given({ orders: [] }).request(1)).toMatchObject({ outcome: 'refused' });
  });
});

describe('a refund that an operator withdraws', () => {
  it('is not asked for any more, its money is free again, and it is kept who did it and why', async () => {
    const { withdraw, refunds, queried, request } = given({ refunds: [row] });

    expect(await withdraw()).toMatchObject({ outcome: 'withdrawn' });

    expect(queried).toEqual(['R-1']);
    expect(await refunds.find(row)).toEqual({
      ...row,
      state: 'WITHDRAWN',
      withdrawn: { at: now.toISOString(), ...operator },
    });
    expect(await refunds.sumsOf('42')).toMatchObject({ reserved: 0 });
    expect(await refunds.noteAsking(row, now)).toBeUndefined();
    expect(await withdraw()).toMatchObject({ outcome: 'withdrawn', state: 'PAID' });
    expect(queried).toEqual(['R-1']);
    expect(await request(8800)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('another number'),
    });
    expect(await request(8800, 'R-2')).toMatchObject({ outcome: 'requested' });
  });

  it.each<RefundState>(['PROCESSING', 'ABNORMAL'])('is refused when WeChat Pay has taken it: %s', async (state) => {
    const { withdraw, refunds, queried } = given({ refunds: [{ ...row, state }] });

    expect(await withdraw()).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(state) });
    expect(await refunds.find(row)).toMatchObject({ state });
    expect(queried).toEqual([]);
  });

  it('is refused when WeChat Pay knows it, though we had no answer', async () => {
    const { withdraw, refunds } = given({ refunds: [row], known: 'SUCCESS' });

    expect(await withdraw()).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('SUCCESS') });
    expect(await refunds.find(row)).toEqual(row);
  });

  it('is refused while somebody may still be asking WeChat Pay for it', async () => {
    const asked_at = (age: number) => new Date(now.getTime() - age).toISOString();
    const early = given({ refunds: [{ ...row, asked_at: asked_at(askingMs - 1) }] });
    const late = given({ refunds: [{ ...row, asked_at: asked_at(askingMs) }] });

    expect(await early.withdraw()).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('in 1 s') });
    expect(early.queried).toEqual([]);
    expect(await late.withdraw()).toMatchObject({ outcome: 'withdrawn' });
  });

  it('is refused when somebody was about to ask for it after WeChat Pay has said that it does not know it', async () => {
    const { withdraw, refunds } = given({ refunds: [row], meanwhile: (store) => store.noteAsking(row, now) });

    expect(await withdraw()).toMatchObject({ outcome: 'refused' });
    expect(await refunds.find(row)).toMatchObject({ state: 'REQUESTED' });
  });

  it('is not believed to be unknown to another merchant', async () => {
    const { withdraw, refunds, queried } = given({ refunds: [row], mchid: '1900009999' });

    expect(await withdraw()).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('another mchid') });
    expect(queried).toEqual([]);
    expect(await refunds.find(row)).toEqual(row);
  });

  it('is refused when there is none', async () => {
    expect(await given().withdraw('R-9')).toMatchObject({ outcome: 'refused' });
  });

  it('and that is made all the same, in the portal, counts against the payment again', async () => {
    const { withdraw, refunds } = given({ refunds: [row] });
    await withdraw();

    await settleRefund(refundTold, { refunds, now: () => now });

    expect(await refunds.sumsOf('42')).toMatchObject({ total: 8800, reserved: 8800, refunded: 8800 });
    expect(await refunds.find(row)).toMatchObject({ state: 'SUCCESS', withdrawn: operator });
  });
});

describe('what an operator looks at', () => {
  it('is what is left of a payment', async () => {
    const refunds = [
      { ...row, refund: 800 },
      { ...row, out_refund_no: 'R-2', refund: 1000, state: 'SUCCESS' as const },
    ];

    expect(await given({ refunds }).desk({ act: 'look', out_trade_no })).toEqual({
      outcome: 'found',
      out_trade_no,
      state: 'PAID',
      transaction_id: '42',
      currency: 'CNY',
      total: 8800,
      reserved: 1800,
      refunded: 1000,
    });
  });

  it('are open refunds, the longest open first, and whether that is all', async () => {
    const young = { ...row, out_refund_no: 'R-2', requested_at: '2026-11-23T01:30:00.000Z' };
    const { desk } = given({ refunds: [young, row] });

    expect(await desk({ act: 'list', most: 2 })).toEqual({ refunds: [row, young], isAll: true });
    expect(await desk({ act: 'list', most: 1 })).toEqual({ refunds: [row], isAll: false });
  });
});

describe('a request that is none of the desk’s', () => {
  it.each([
    {},
    { act: 'pay', out_trade_no },
    { act: 'request', out_trade_no, out_refund_no: 'R-1', fen: 0, operator },
    { act: 'request', out_trade_no, out_refund_no: 'R-1', fen: 0.5, operator },
    { act: 'request', out_trade_no, out_refund_no: '退款', fen: 1, operator },
    { act: 'request', out_trade_no, out_refund_no: 'WR42', fen: 1, operator },
    { act: 'request', out_trade_no, out_refund_no: 'R-1', fen: 1, operator: { ...operator, why: ' ' } },
    { act: 'request', out_trade_no, out_refund_no: 'R-1', fen: 1 },
  ])('is refused, and nothing is done: %j', async (event) => {
    const { desk, refunds } = given();

    expect(await rejectionOf(desk(event))).toMatchObject({ name: 'DeskRequestError' });
    expect(refunds.all).toEqual([]);
  });
});
