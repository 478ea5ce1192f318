import {
  ContradictionError,
  ForeignEventError,
  RefundTakenBackError,
  SagaStuckError,
} from '../../../../lambdas/order-saga/errors.ts';
import { createOrderSagaConsumer } from '../../../../lambdas/order-saga/order-saga-consumer.ts';
import { PermanentError } from '../../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../../lambdas/shared/consumer/parse-payload.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import { orderVersions } from '../../../../lambdas/shared/orders/order-event.ts';
import { automaticRefund } from '../../../../lambdas/shared/refunds/automatic-refund.ts';
import { waitsFor } from '../../../../lambdas/shared/saga/waits-for.ts';
import type { Reservation, ReservationState } from '../../../../lambdas/shared/stock/reservation.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn, payment } from '../shared/orders/orders.ts';
import { MemoryRefundsStore } from '../shared/refunds/memory-refunds-store.ts';
import { MemorySagaStore } from '../shared/saga/memory-saga-store.ts';
import { MemoryStockStore } from '../shared/stock/memory-stock-store.ts';

const items = [{ sku: 'TEA-1', quantity: 2 }];
const known = { out_trade_no: 'T-1', transaction_id: '42' };
const changed_at = '2026-11-23T10:00:00+08:00';
const goods = { ...known, amount: payment.amount, items, changed_at };

const told = {
  paid: { ...known, state: 'PAID', version: orderVersions.PAID, amount: payment.amount, changed_at },
  refunding: { ...known, state: 'REFUNDING', version: orderVersions.REFUNDING, amount: payment.amount, changed_at },
  refunded: { ...known, state: 'REFUNDED', version: orderVersions.REFUNDED, amount: payment.amount, changed_at },
  confirmed: { event: 'stock.confirmed', ...goods },
  unavailable: { event: 'stock.unavailable', ...goods },
  accepted: { event: 'fulfilment.accepted', ...known },
  refused: { event: 'fulfilment.refused', ...known, code: 'OUT_OF_RANGE' },
} as const;

const stuckAfterMs = 86_400_000;

const goodsIn = (state: ReservationState): Reservation => ({ out_trade_no: 'T-1', state, items, changed_at });

const consumerWith = (...orders: Order[]) => consumerOn(new MemoryStockStore({}, goodsIn('UNAVAILABLE')), ...orders);

function consumerOn(stock: MemoryStockStore, ...orders: Order[]) {
  const store = new MemoryOrdersStore(...orders);
  const [refunds, sagas] = [new MemoryRefundsStore(), new MemorySagaStore()];
  const deps = { store, refunds, sagas, stock, stuckAfterMs, now: () => now, newEventId: () => 'event-9' };
  const consumer = createOrderSagaConsumer(deps);
  const handle = async (...payloads: object[]) => {
    for (const payload of payloads) {
      const one = message({ payload: JSON.stringify(payload) });
      const body = await parsePayload(one, consumer.schema);
      await consumer.handle({ body, message: one, log: silentLog, redelivered: false });
    }
  };
  const check = (check: number) => handle({ event: 'saga.check', out_trade_no: 'T-1', check });
  const keys = () => store.messages.flatMap(({ message: { routingKeys } }) => routingKeys);
  const checks = () => sagas.messages.map(({ message: { payload } }) => JSON.parse(payload).check);
  return { consumer, handle, check, checks, keys, store, refunds, sagas, row: () => sagas.find('T-1') };
}

describe('a paid order that cannot be had', () => {
  it.each([
    ['its goods are unavailable', told.unavailable],
    ['its fulfilment is refused', told.refused],
  ])('is REFUNDING, and its refund asked for once, however often that is told: %s', async (reason, event) => {
    const { handle, keys, refunds, store } = consumerWith({ ...orderIn.PAID, items });

    await handle(event, event, event);

    expect(keys()).toEqual(['order.refunding']);
    expect(await store.find('T-1')).toMatchObject({ state: 'REFUNDING', items });
    expect(refunds.all).toMatchObject([{ out_refund_no: 'WR42', refund: 8800, total: 8800, reason }]);
    expect(refunds.messages).toMatchObject([{ message: { routingKeys: ['refund.requested'] } }]);
  });

  it('and that was moved by somebody who died then has its refund asked for by the next try', async () => {
    const { handle, refunds } = consumerWith(orderIn.REFUNDING);

    await handle(told.refused);

    expect(refunds.all).toMatchObject([{ out_refund_no: 'WR42' }]);
  });

  it('is left alone when its money is back, or all on its way under another number', async () => {
    const refunded = consumerWith(orderIn.REFUNDED);
    await refunded.handle(told.refused);
    const other = consumerWith(orderIn.PAID);
    const all = automaticRefund(payment, 'paid twice', now);
    await other.refunds.settle(undefined, { ...all, out_refund_no: 'P-1', state: 'PROCESSING' });
    await other.handle(told.unavailable);

    expect([refunded.refunds.all, refunded.keys()]).toEqual([[], []]);
    expect(other.refunds.all).toMatchObject([{ out_refund_no: 'P-1' }]);
  });

  it.each([
    ['refused', told.refused],
    ['without goods', told.unavailable],
  ])('and was sent out already is told to a person, and its money stays: %s', async (_, event) => {
    const { handle, keys, refunds } = consumerWith({ ...orderIn.PAID, items });
    await handle(told.accepted);

    for (let times = 0; times < 2; times++) {
      expect(await rejectionOf(handle(event))).toBeInstanceOf(ContradictionError);
    }
    expect([keys(), refunds.all]).toEqual([[], []]);
  });

  it('and is told to be sent out after that is told to a person', async () => {
    const { handle } = consumerWith(orderIn.PAID);
    await handle(told.refused);

    expect(await rejectionOf(handle(told.accepted))).toBeInstanceOf(ContradictionError);
  });

  it('and whose refund an operator has withdrawn is told to a person, and not sent back after all', async () => {
    const { handle, refunds } = consumerWith(orderIn.REFUNDING);
    const asked = { ...automaticRefund(payment, 'paid twice', now), out_refund_no: 'P-1', state: 'REQUESTED' } as const;
    await refunds.settle(undefined, asked);
    await refunds.withdraw(asked, { at: changed_at, who: 'Li', why: 'paid in cash' });

    expect(await rejectionOf(handle(told.refused))).toBeInstanceOf(RefundTakenBackError);
    expect(refunds.all).toMatchObject([{ out_refund_no: 'P-1', state: 'WITHDRAWN' }]);
  });

  it('and of which a part was sent back is told to a person', async () => {
    const { handle, refunds } = consumerWith(orderIn.PAID);
    const part = { ...automaticRefund(payment, 'paid twice', now), out_refund_no: 'P-1', refund: 1 };
    await refunds.settle(undefined, { ...part, state: 'SUCCESS' });

    expect(await rejectionOf(handle(told.refused))).toBeInstanceOf(PermanentError);
    // Told again, or after a death between the order and its refund: nobody has withdrawn anything.
    expect(String(await rejectionOf(handle(told.refused)))).toContain('only a part was sent back, or');
  });
});

describe('what is told of an order and is not so', () => {
  it.each<[string, Order[], object, string]>([
    ['of none: too few goods', [], told.unavailable, 'there is no such order'],
    ['of none: a refusal', [], told.refused, 'there is no such order'],
    ['of none: a check', [], { event: 'saga.check', out_trade_no: 'T-1', check: 1 }, 'there is no such order'],
    ['of one that was never paid', [orderIn.CLOSED], told.refused, 'was never paid'],
    ['of another payment', [orderIn.PAID], { ...told.refused, transaction_id: '43' }, 'transaction_id'],
    ['of no payment', [orderIn.PAID], { ...told.refused, transaction_id: undefined }, 'transaction_id'],
    ['that its money is back', [orderIn.REFUNDING], told.refunded, 'it is REFUNDING, and told to be REFUNDED'],
    ['that its money goes back', [orderIn.PAID], told.refunding, 'it is PAID, and told to be REFUNDING'],
  ])('is refused with what is wrong, and changes nothing: %s', async (_, orders, payload, problem) => {
    const { handle, keys, refunds, sagas } = consumerWith(...orders);

    const error = await rejectionOf(handle(payload));

    expect(error).toBeInstanceOf(ForeignEventError);
    expect(error).toHaveProperty('message', expect.stringContaining(problem));
    expect([keys(), refunds.all, sagas.all]).toEqual([[], [], []]);
  });

  it.each<[string, ReservationState | undefined]>([
    ['they are there', 'CONFIRMED'],
    ['they may still come', 'LACKING'],
    ['nothing happened to them', undefined],
  ])('is that goods are unavailable which are not so: %s', async (_, state) => {
    const stock = new MemoryStockStore({}, ...(state ? [goodsIn(state)] : []));
    const { handle, keys, refunds, sagas } = consumerOn(stock, { ...orderIn.PAID, items });

    expect(await rejectionOf(handle(told.unavailable))).toBeInstanceOf(ForeignEventError);
    expect([keys(), refunds.all, sagas.all]).toEqual([[], [], []]);
  });

  it('is not that they are unavailable whose money goes back by now', async () => {
    const { handle, refunds } = consumerOn(new MemoryStockStore({}, goodsIn('RETURNED')), orderIn.REFUNDING);

    await handle(told.unavailable);

    expect(refunds.all).toMatchObject([{ out_refund_no: 'WR42' }]);
  });

  it('and only tells how far it is, leaves no progress of an order that is not there', async () => {
    const { handle, sagas } = consumerWith();

    await handle(told.paid, told.accepted, told.confirmed, told.refunding, told.refunded);

    expect(sagas.all).toEqual([]);
  });

  it.each([{ state: 'PAYING', version: 1 }, { state: 'CLOSED' }])('is no event of it: %j', async (changes) => {
    expect(await rejectionOf(consumerWith(orderIn.PAID).handle({ ...told.paid, ...changes }))).toBeInstanceOf(
      PermanentError,
    );
  });
});

describe('the progress of an order', () => {
  it('is what was told of it, each once, and one check for later', async () => {
    const { handle, row, sagas } = consumerWith({ ...orderIn.PAID, items });

    await handle(told.confirmed, told.paid, told.paid, told.confirmed, told.accepted);

    const at = now.toISOString();
    expect((await row())?.marks).toEqual({ paid: at, 'goods confirmed': at, 'fulfilment accepted': at });
    expect(sagas.messages).toMatchObject([
      { delayMs: stuckAfterMs, message: { exchange: '', routingKeys: ['orders.saga'] } },
    ]);
  });

  it.each<[string, Order, object[], string | undefined]>([
    ['paid, with goods', { ...orderIn.PAID, items }, [told.paid], 'goods confirmed'],
    ['paid, without', orderIn.PAID, [told.paid], 'fulfilment accepted'],
    ['with its goods', { ...orderIn.PAID, items }, [told.paid, told.confirmed], 'fulfilment accepted'],
    ['accepted', { ...orderIn.PAID, items }, [told.paid, told.confirmed, told.accepted], undefined],
    ['refunding', orderIn.REFUNDING, [told.paid], 'refunded'],
    ['accepted, and refunding', orderIn.REFUNDING, [told.accepted, told.refunding], 'refunded'],
    ['refunded', orderIn.REFUNDED, [told.refused], undefined],
  ])('waits for the next step until there is none: %s', async (_, order, events, mark) => {
    const { handle, row } = consumerWith(order);
    await handle(...events);

    const saga = await row();
    expect(saga && waitsFor(saga, order)).toBe(mark);
  });

  it('waits for its compensation while that is on its way', () => {
    const marks = { paid: changed_at, 'goods unavailable': changed_at };

    expect(waitsFor({ out_trade_no: 'T-1', marks }, orderIn.PAID)).toBe('refunding');
  });
});

describe('an order that hangs', () => {
  it('is an exception once for each step, however often it is looked at', async () => {
    const { handle, check, checks, row } = consumerWith({ ...orderIn.PAID, items });
    await handle(told.paid);

    expect(await rejectionOf(check(1))).toEqual(new SagaStuckError('T-1', 'goods confirmed'));
    await check(2);
    await check(3);
    await handle(told.confirmed);
    expect(await rejectionOf(check(4))).toEqual(new SagaStuckError('T-1', 'fulfilment accepted'));
    await check(5);

    expect(checks()).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await row())?.told).toEqual({ waitsFor: 'fulfilment accepted', check: 4, last: 5 });
  });

  it('is told by the try after the one that was killed, and by a replay, for as long as it hangs', async () => {
    const { handle, check, checks } = consumerWith(orderIn.PAID);
    await handle(told.paid);

    for (let times = 0; times < 3; times++) expect(await rejectionOf(check(1))).toBeInstanceOf(SagaStuckError);
    expect(checks()).toEqual([1, 2]);
    await handle(told.accepted);
    await check(1);
  });

  it('sends each next check once, though it told nothing new and was killed', async () => {
    const { handle, check, checks } = consumerWith(orderIn.PAID);
    await handle(told.paid);
    await rejectionOf(check(1));

    for (let times = 0; times < 3; times++) await check(2);

    expect(checks()).toEqual([1, 2, 3]);
    expect(await rejectionOf(check(1))).toBeInstanceOf(SagaStuckError);
  });

  it('is no exception of the step it hangs at now when that of an earlier one is replayed', async () => {
    const { handle, check, checks } = consumerWith({ ...orderIn.PAID, items });
    await handle(told.paid);
    await rejectionOf(check(1));
    await handle(told.confirmed);

    await check(1);

    expect(await rejectionOf(check(2))).toEqual(new SagaStuckError('T-1', 'fulfilment accepted'));
    expect(checks()).toEqual([1, 2, 3]);
  });

  it('is looked at no more when it has come to its end', async () => {
    const { handle, check, checks } = consumerWith(orderIn.PAID);
    await handle(told.paid, told.accepted);

    await check(1);

    expect(checks()).toEqual([1]);
  });

  it('is one effect for each check', () => {
    const { consumer } = consumerWith();

    expect(consumer.businessKey({ event: 'saga.check', out_trade_no: 'T-1', check: 2 })).toBe('saga:T-1:saga.check:2');
    expect(consumer.businessKey({ event: 'fulfilment.accepted', out_trade_no: 'T-1' })).toBe(
      'saga:T-1:fulfilment.accepted',
    );
  });
});
