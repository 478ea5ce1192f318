import { RefundAbnormalError, RefundClosedError, WithdrawnRefundMadeError } from '../../../../lambdas/orders/errors.ts';
import { createOrdersConsumer } from '../../../../lambdas/orders/orders-consumer.ts';
import { toldByWechatPaySchema } from '../../../../lambdas/orders/told-by-wechat-pay.ts';
import { PermanentError, RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../../lambdas/shared/consumer/parse-payload.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn, payment, refund } from '../shared/orders/orders.ts';
import { MemoryRefundsStore } from '../shared/refunds/memory-refunds-store.ts';

function consumerWith(...orders: Order[]) {
  const store = new MemoryOrdersStore(...orders);
  const refunds = new MemoryRefundsStore();
  const consumer = createOrdersConsumer({ store, refunds, now: () => now, newEventId: () => 'event-9' });
  /** As the record loop does it: a body that is not what the consumer asked for never gets to it. */
  const handle = async (payload: object) => {
    const told = message({ payload: JSON.stringify(payload) });
    const body = await parsePayload(told, consumer.schema);
    await consumer.handle({ body, message: told, log: silentLog, redelivered: false });
  };
  const told = () => store.messages.flatMap(({ message: { routingKeys } }) => routingKeys);
  return { consumer, handle, told, refunds, find: () => store.find('T-1') };
}

describe('what WeChat Pay tells', () => {
  it.each<[string, Order, object, string[]]>([
    ['a payment pays an order', orderIn.PAYING, payment, ['order.paid']],
    ['a payment of a closed order makes its refund due', orderIn.CLOSED, payment, ['order.refunding']],
    ['a refund ends an order', orderIn.REFUNDING, refund, ['order.refunded']],
    ['a payment that paid the order before changes nothing', orderIn.PAID, payment, []],
    ['a refund that refunded it before changes nothing', orderIn.REFUNDED, refund, []],
  ])('is done, and told: %s', async (_, order, payload, events) => {
    const { handle, told } = consumerWith(order);

    await handle(payload);

    expect(told()).toEqual(events);
  });

  it.each<[string, Order[], object, typeof RetryableError | typeof PermanentError]>([
    ['a payment of an order that does not exist yet', [], payment, RetryableError],
    ['a refund of an order whose payment was not told yet', [orderIn.PAYING], refund, RetryableError],
    [
      'a payment of another amount',
      [orderIn.PAYING],
      { ...payment, amount: { total: 1, currency: 'CNY' } },
      PermanentError,
    ],
    ['a refund that did not succeed', [orderIn.REFUNDING], { ...refund, refund_status: 'ABNORMAL' }, PermanentError],
    ['a refund without its number', [orderIn.REFUNDING], { ...refund, refund_id: undefined }, PermanentError],
    [
      'a payment that says it is a refund too',
      [orderIn.PAYING],
      { ...payment, refund_status: 'SUCCESS' },
      PermanentError,
    ],
    ['a payment that did not succeed', [orderIn.PAYING], { ...payment, trade_state: 'NOTPAY' }, PermanentError],
  ])('is retried or rejected, and nothing is told: %s', async (_, orders, payload, kind) => {
    const { handle, told } = consumerWith(...orders);

    expect(await rejectionOf(handle(payload))).toBeInstanceOf(kind);
    expect(told()).toEqual([]);
  });

  it('is refused with the name of the field that is wrong', async () => {
    const error = await rejectionOf(consumerWith().handle({ ...refund, refund_id: 5 }));

    expect(error).toHaveProperty('message', expect.stringContaining('refund_id: invalid_type'));
  });

  it('is one effect for each payment and one for each refund, whatever delivered it', () => {
    const { consumer } = consumerWith();
    const [paid, refunded] = [payment, refund].map((one) => toldByWechatPaySchema.parse(one));
    if (!paid || !refunded) throw new Error('neither');

    expect(consumer.businessKey(paid)).toBe('wechat:1900000001:42:TRANSACTION.SUCCESS');
    expect(consumer.comparable(paid)).toEqual(['T-1', payment.appid, 8800, 'CNY']);
    expect(consumer.businessKey(refunded)).toBe('wechat:1900000001:R-1:REFUND.SUCCESS');
    expect(consumer.comparable(refunded)).toEqual(['T-1', '42', '50', 8800, 8800]);
  });
});

describe('money that must come back', () => {
  const automatic = { transaction_id: '42', out_refund_no: 'WR42', refund: 8800, total: 8800, state: 'REQUESTED' };

  it('of an order that is paid after it was closed is asked for once, however often that is told', async () => {
    const { handle, refunds } = consumerWith(orderIn.CLOSED);

    await handle(payment);
    await handle(payment);

    expect(refunds.all).toMatchObject([{ ...automatic, reason: 'paid after it was closed' }]);
    expect(refunds.messages).toMatchObject([{ message: { exchange: 'orders', routingKeys: ['refund.requested'] } }]);
  });

  it('of an order that was moved by somebody who died then is asked for by the next try', async () => {
    const { handle, refunds } = consumerWith(orderIn.REFUNDING);

    await handle(payment);

    expect(refunds.all).toMatchObject([automatic]);
  });

  it('of a second payment is asked for, whatever the order is, and the order stays as it is', async () => {
    for (const order of [orderIn.PAID, orderIn.REFUNDING, orderIn.REFUNDED]) {
      const { handle, refunds, told, find } = consumerWith(order);

      await handle({ ...payment, transaction_id: '43' });
      await handle({ ...refund, transaction_id: '43', out_refund_no: 'WR43' });

      expect(refunds.all).toMatchObject([
        { transaction_id: '43', out_refund_no: 'WR43', reason: 'paid twice', state: 'SUCCESS' },
      ]);
      expect(told()).toEqual([]);
      expect(await find()).toEqual(order);
    }
  });

  it('of a payment that fits is not asked for', async () => {
    const { handle, refunds } = consumerWith(orderIn.PAYING);

    await handle(payment);

    expect(refunds.all).toEqual([]);
  });
});

describe('a refund that nobody here has asked for', () => {
  it('of all that was paid makes the order REFUNDING, then REFUNDED', async () => {
    const { handle, told, refunds } = consumerWith(orderIn.PAID);

    await handle(refund);

    expect(told()).toEqual(['order.refunding', 'order.refunded']);
    expect(refunds.all).toMatchObject([{ out_refund_no: 'R-1', state: 'SUCCESS', reason: 'asked for elsewhere' }]);
  });

  it('of parts ends the order with the last of them, whatever comes twice', async () => {
    const { handle, told } = consumerWith(orderIn.PAID);
    const part = (out_refund_no: string, amount: number) => ({
      ...refund,
      out_refund_no,
      amount: { total: 8800, refund: amount },
    });

    await handle(part('R-1', 8_000));
    await handle(part('R-1', 8_000));
    expect(told()).toEqual([]);
    await handle(part('R-2', 800));
    await handle(part('R-2', 800));

    expect(told()).toEqual(['order.refunding', 'order.refunded']);
  });
});

describe('a payment whose refund was told first', () => {
  it('of all of it makes the order REFUNDED, and nobody is told that it is paid', async () => {
    const { handle, told, find, refunds } = consumerWith(orderIn.PAYING);
    expect(await rejectionOf(handle(refund))).toBeInstanceOf(RetryableError);

    await handle(payment);

    // Though the message of the refund may never come again: it has spent its tries.
    expect(told()).toEqual(['order.closed', 'order.refunding', 'order.refunded']);
    const { refund_id, success_time: refunded_at } = refund;
    expect(await find()).toMatchObject({ state: 'REFUNDED', refund_id, refunded_at });
    await handle(refund);
    await handle(payment);
    expect(told()).toHaveLength(3);
    expect(refunds.all).toHaveLength(1);
  });

  it('of a part of it pays the order', async () => {
    const { handle, told } = consumerWith(orderIn.PAYING);
    await handle({ ...refund, amount: { total: 8800, refund: 1 } });

    await handle(payment);

    expect(told()).toEqual(['order.paid']);
  });

  it('of a part, when nothing of it may be kept, is told to a person', async () => {
    const { handle } = consumerWith(orderIn.CLOSED);
    await handle({ ...refund, amount: { total: 8800, refund: 3_000 } });

    expect(await rejectionOf(handle(payment))).toBeInstanceOf(PermanentError);
  });

  it('that was a second one, and is back, needs nobody', async () => {
    const { handle, told } = consumerWith(orderIn.PAID);
    await handle({ ...refund, transaction_id: '43' });

    await handle({ ...payment, transaction_id: '43' });

    expect(told()).toEqual([]);
  });
});

describe('a refund that failed', () => {
  it.each<[string, new (...args: never[]) => Error, number]>([
    ['ABNORMAL', RefundAbnormalError, 8800],
    ['CLOSED', RefundClosedError, 0],
  ])('is told to on-call whenever it is told, and noted: %s', async (refund_status, kind, reserved) => {
    const { handle, refunds, find } = consumerWith(orderIn.CLOSED);
    await handle(payment);
    const failed = { ...refund, out_refund_no: 'WR42', refund_status };

    for (let times = 0; times < 2; times++) expect(await rejectionOf(handle(failed))).toBeInstanceOf(kind);

    expect(refunds.all).toMatchObject([{ out_refund_no: 'WR42', state: refund_status }]);
    expect(await refunds.sumsOf('42')).toEqual({ total: 8800, reserved, refunded: 0 });
    expect(await find()).toMatchObject({ state: 'REFUNDING' });
  });

  it('because it was withdrawn, and is back all the same, ends the order, and is told to on-call', async () => {
    const { handle, refunds, find } = consumerWith(orderIn.CLOSED);
    await handle(payment);
    const [requested] = refunds.all;
    if (!requested) throw new Error('no refund');
    await refunds.withdraw(requested, { at: now.toISOString(), who: 'somebody', why: 'sent by bank' });

    for (let times = 0; times < 2; times++) {
      expect(await rejectionOf(handle({ ...refund, out_refund_no: 'WR42' }))).toBeInstanceOf(WithdrawnRefundMadeError);
    }

    expect(await find()).toMatchObject({ state: 'REFUNDED' });
    expect(await refunds.sumsOf('42')).toMatchObject({ total: 8800, reserved: 8800, refunded: 8800 });
  });

  it('and was sent elsewhere then ends the order', async () => {
    const { handle, told } = consumerWith(orderIn.CLOSED);
    await handle(payment);
    await rejectionOf(handle({ ...refund, out_refund_no: 'WR42', refund_status: 'ABNORMAL' }));

    await handle({ ...refund, out_refund_no: 'WR42' });

    // Told once more, out of order: it is older than what is known.
    await handle({ ...refund, out_refund_no: 'WR42', refund_status: 'ABNORMAL' });
    expect(told()).toEqual(['order.refunding', 'order.refunded']);
  });

  it.each([
    ['another amount', { amount: { total: 8800, refund: 8799 } }],
    ['another order', { out_trade_no: 'T-2' }],
  ])('or not, but with %s than was asked for, is rejected', async (_, differing) => {
    const { handle } = consumerWith(orderIn.CLOSED, { ...orderIn.PAID, out_trade_no: 'T-2' });
    await handle(payment);

    expect(await rejectionOf(handle({ ...refund, out_refund_no: 'WR42', ...differing }))).toBeInstanceOf(
      PermanentError,
    );
  });

  it('after it succeeded is rejected: WeChat Pay contradicts itself', async () => {
    const { handle, find } = consumerWith(orderIn.CLOSED);
    await handle(payment);
    await handle({ ...refund, out_refund_no: 'WR42' });

    expect(await rejectionOf(handle({ ...refund, out_refund_no: 'WR42', refund_status: 'CLOSED' }))).toBeInstanceOf(
      PermanentError,
    );
    expect(await find()).toMatchObject({ state: 'REFUNDED' });
  });
});
