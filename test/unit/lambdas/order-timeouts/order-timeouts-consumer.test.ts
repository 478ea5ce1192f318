import { createOrderTimeoutsConsumer } from '../../../../lambdas/order-timeouts/order-timeouts-consumer.ts';
import { PermanentError, RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../../lambdas/shared/consumer/parse-payload.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import { asChanged, orderMessage } from '../../../../lambdas/shared/orders/order-message.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { created, orderIn, payingOrder } from '../shared/orders/orders.ts';

function consumerWith(...orders: Order[]) {
  const store = new MemoryOrdersStore(...orders);
  const consumer = createOrderTimeoutsConsumer({ store, now: () => now, newEventId: () => 'event-9' });
  const handle = async (payload: string) => {
    const letter = message({ payload });
    const body = await parsePayload(letter, consumer.schema);
    await consumer.handle({ body, message: letter, log: silentLog, redelivered: false });
  };
  const told = () => store.messages.flatMap(({ message: { routingKeys } }) => routingKeys);
  return { consumer, handle, told };
}

/** As it was published when the order was made. */
const payload = orderMessage(asChanged(payingOrder, now), 'event-1', now).message.payload;

describe('an order whose time to pay is over', () => {
  it.each<[Order, string[]]>([
    [orderIn.PAYING, ['order.closed']],
    [orderIn.PAID, []],
    [orderIn.CLOSED, []],
    [orderIn.REFUNDING, []],
    [orderIn.REFUNDED, []],
  ])('is closed if nobody has paid it, and else left as it is: $state', async (order, events) => {
    const { handle, told } = consumerWith(order);

    await handle(payload);

    expect(told()).toEqual(events);
  });

  it('is looked for again when it is not there', async () => {
    expect(await rejectionOf(consumerWith().handle(payload))).toBeInstanceOf(RetryableError);
  });

  it('is left alone by whatever else lies in the queue', async () => {
    const paid = orderMessage(asChanged(orderIn.PAID, now), 'event-2', now).message.payload;
    const { handle, told } = consumerWith(orderIn.PAYING);

    expect(await rejectionOf(handle(paid))).toBeInstanceOf(PermanentError);
    expect(told()).toEqual([]);
  });

  it('is closed once, and by no other terms than it was made with', () => {
    const { consumer } = consumerWith();

    expect(consumer.businessKey(created)).toBe('order:T-1:payment.overdue');
    expect(consumer.comparable(created)).toEqual([8800, 'CNY']);
  });
});
