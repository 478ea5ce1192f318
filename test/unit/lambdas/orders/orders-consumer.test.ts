import { createOrdersConsumer } from '../../../../lambdas/orders/orders-consumer.ts';
import { toldByWechatPaySchema } from '../../../../lambdas/orders/told-by-wechat-pay.ts';
import { PermanentError, RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../../lambdas/shared/consumer/parse-payload.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn, payment, refund } from '../shared/orders/orders.ts';

function consumerWith(...orders: Order[]) {
  const store = new MemoryOrdersStore(...orders);
  const consumer = createOrdersConsumer({ store, now: () => now, newEventId: () => 'event-9' });
  /** As the record loop does it: a body that is not what the consumer asked for never gets to it. */
  const handle = async (payload: object) => {
    const told = message({ payload: JSON.stringify(payload) });
    const body = await parsePayload(told, consumer.schema);
    await consumer.handle({ body, message: told, log: silentLog, redelivered: false });
  };
  const told = () => store.messages.flatMap(({ message: { routingKeys } }) => routingKeys);
  return { consumer, handle, told };
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
    ['a payment of an order that another paid', [orderIn.PAID], { ...payment, transaction_id: '43' }, PermanentError],
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
