import { randomBytes, randomUUID } from 'node:crypto';
import {
  createMerchantWebhookConsumer,
  type MerchantWebhookDeps,
} from '../../../../lambdas/merchant-webhook/merchant-webhook-consumer.ts';
import { InvalidWebhookKeysError, parseWebhookKeys } from '../../../../lambdas/merchant-webhook/webhook-keys.ts';
import { PermanentError, RetryableError, UnavailableError } from '../../../../lambdas/shared/consumer/errors.ts';
import { parseAddressRange } from '../../../../lambdas/shared/http/forbidden-address.ts';
import { ForbiddenAddressError } from '../../../../lambdas/shared/http/guarded-lookup.ts';
import { createGuardedPost } from '../../../../lambdas/shared/http/guarded-post.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import type { OrderEvent } from '../../../../lambdas/shared/orders/order-event.ts';
import { type Merchant, startMerchant } from '../../../../local/merchant/merchant.ts';
import { notificationClient, notificationUrl } from '../../../../local/merchant/notification-client.ts';
import { message, rejectionOf, silentLog } from '../builders.ts';
import { delivered, type LoopOptions, loopAround, MemoryFailures } from '../shared/consumer/record-loop-on-fakes.ts';
import { orderIn } from '../shared/orders/orders.ts';

const key = randomBytes(32);
let merchant: Merchant;
beforeAll(async () => {
  merchant = await startMerchant();
  await client().learn(key.toString('base64'));
});
afterAll(() => merchant.close());

const client = () => notificationClient(merchant.url);
const loopback = [parseAddressRange('127.0.0.0/8')];

/** As they are stored. */
const orders = new Map<string, Order>();

/** Of an order that is stored so. */
function paidOrder(changes: Partial<OrderEvent> = {}): OrderEvent {
  const event: OrderEvent = {
    out_trade_no: `T-${randomUUID().slice(0, 18)}`,
    state: 'PAID',
    version: 2,
    amount: { total: 8800, currency: 'CNY' },
    transaction_id: '4200000000000000000000000001',
    changed_at: '2026-11-23T10:00:00+08:00',
    ...changes,
  };
  const { out_trade_no, state, amount, transaction_id, items } = event;
  const paid = transaction_id === undefined ? {} : { transaction_id };
  const known = { ...orderIn[state], ...paid, items } as Order;
  orders.set(out_trade_no, { ...known, out_trade_no, amount_total: amount.total, currency: amount.currency });
  return event;
}

function consumer(changes: Partial<MerchantWebhookDeps> & { allowedRanges?: typeof loopback } = {}) {
  const { allowedRanges = loopback, ...deps } = changes;
  return createMerchantWebhookConsumer({
    post: createGuardedPost({ url: notificationUrl(merchant.url), timeoutMs: 2_000, allowedRanges }),
    keys: async () => [key],
    orders: { find: async (out_trade_no) => orders.get(out_trade_no) },
    mostRetryAfterSeconds: 60,
    now: () => new Date(),
    ...deps,
  });
}

const handle = (body: OrderEvent, one = consumer(), eventId = 'event-1') =>
  one.handle({ body, message: message({ properties: { message_id: eventId } }), log: silentLog, redelivered: false });

describe('the merchant', () => {
  it('is told of an order whole, under the event id, and can verify that', async () => {
    const order = paidOrder();

    await handle(order);

    expect(await client().toldOf(order.out_trade_no)).toMatchObject([
      {
        id: 'event-1',
        body: { type: 'order.paid', timestamp: order.changed_at, data: order },
        verified: true,
        answer: 204,
      },
    ]);
  });

  it.each<[string, Partial<OrderEvent>]>([
    ['of a state that the order is not in', { state: 'REFUNDED', version: 4 }],
    ['of another payment', { transaction_id: '43' }],
    ['of another amount', { amount: { total: 1, currency: 'CNY' } }],
    ['of an order that there is not', { out_trade_no: 'T-nobody' }],
  ])('is told nothing %s, and a person hears', async (_, changes) => {
    const told = { ...paidOrder(), ...changes };

    expect(await rejectionOf(handle(told))).toBeInstanceOf(PermanentError);

    expect(await client().toldOf(told.out_trade_no)).toEqual([]);
  });

  it('is told late what the order has been', async () => {
    const told = paidOrder();
    orders.set(told.out_trade_no, { ...orderIn.REFUNDED, transaction_id: told.transaction_id ?? '' } as Order);

    await handle(told);

    expect(await client().toldOf(told.out_trade_no)).toMatchObject([{ body: { type: 'order.paid' } }]);
  });

  it('verifies by whichever of two secrets it has', async () => {
    const order = paidOrder();

    await handle(order, consumer({ keys: async () => [randomBytes(32), key] }));

    expect(await client().toldOf(order.out_trade_no)).toMatchObject([{ verified: true }]);
  });

  it.each<[number, typeof RetryableError, typeof RetryableError | undefined]>([
    [503, UnavailableError, undefined],
    [429, UnavailableError, undefined],
    [302, RetryableError, UnavailableError],
    [400, RetryableError, UnavailableError],
    [401, RetryableError, UnavailableError],
    [404, RetryableError, UnavailableError],
    [410, RetryableError, UnavailableError],
  ])('that answers %i is told again at the next step', async (status, kind, notKind) => {
    const order = paidOrder();
    await client().refuse({ out_trade_no: order.out_trade_no, type: 'order.paid', times: 1, status });

    const error = await rejectionOf(handle(order));

    expect(error).toBeInstanceOf(kind);
    if (notKind) expect(error).not.toBeInstanceOf(notKind);
    expect(String(error)).toContain(String(status));
  });

  it.each([
    ['7', 7],
    ['3600', 60],
    ['soon', 0],
  ])('that says Retry-After: %s is left alone for at least %i s', async (retryAfter, atLeastSeconds) => {
    const post = async () => ({ status: 503, retryAfter });

    expect(await rejectionOf(handle(paidOrder(), consumer({ post })))).toMatchObject({ atLeastSeconds });
  });

  it('is told nothing while there is no key to sign with, which opens the circuit: it is no fault of one notification', async () => {
    const order = paidOrder();
    const keys = async () => parseWebhookKeys('{"current":"too short"}');

    const error = await rejectionOf(handle(order, consumer({ keys })));

    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ cause: expect.any(InvalidWebhookKeysError) });
    expect(await client().toldOf(order.out_trade_no)).toEqual([]);
  });

  it('whose address is forbidden is told nothing, and tried again: its name may be put right', async () => {
    const order = paidOrder();

    const error = await rejectionOf(handle(order, consumer({ allowedRanges: [] })));

    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(await client().toldOf(order.out_trade_no)).toEqual([]);
  });

  it.each(['event\r\nx: y', '事件', '', 'event.1795399202'])(
    'is told nothing under the event id %p, which is no header, or could be read as more than an id',
    async (eventId) => {
      expect(await rejectionOf(handle(paidOrder(), consumer(), eventId))).toBeInstanceOf(PermanentError);
    },
  );
});

describe('the schedule of a notification', () => {
  const schedule = [15, 15, 30, 180];
  const around = (options: LoopOptions = {}) =>
    loopAround(consumer(), {
      retrySeconds: { min: 0, max: 180, schedule },
      deliveryLimit: schedule.length,
      ...options,
    });
  const record = (order: OrderEvent, receives = 1) =>
    delivered('1', { exchange: 'orders', payload: JSON.stringify(order) }, receives);

  it('is walked step by step, under one id, until the merchant takes it', async () => {
    const order = paidOrder();
    await client().refuse({ out_trade_no: order.out_trade_no, type: 'order.paid', times: 3 });
    const { run, outcomes, delays } = around();

    for (let receives = 1; receives <= 4; receives++) await run(record(order, receives));

    expect(outcomes()).toEqual(['retry', 'retry', 'retry', 'ack']);
    expect(delays.map(([, seconds]) => seconds)).toEqual([15, 15, 30]);
    const told = await client().toldOf(order.out_trade_no);
    expect(told.map(({ id, answer }) => [id, answer])).toEqual([...Array(3).fill(['event-1', 503]), ['event-1', 204]]);
  });

  it('is gone on with where it stood when the function has died in between', async () => {
    const order = paidOrder();
    await client().refuse({ out_trade_no: order.out_trade_no, type: 'order.paid', times: 9 });
    const failures = new MemoryFailures();

    await around({ failures }).run(record(order));
    await around({ failures }).run(record(order, 2));
    // Receives that were not its fault: nobody took it in hand.
    const { run, delays } = around({ failures });
    await run(record(order, 9));

    expect(delays).toEqual([['1', 30]]);
  });

  it('ends with the notification given up, once; sent again it begins anew', async () => {
    const order = paidOrder();
    await client().refuse({ out_trade_no: order.out_trade_no, type: 'order.paid', times: 7 });
    const { run, outcomes, delays, failures } = around();

    for (let receives = 1; receives <= 5; receives++) await run(record(order, receives));
    expect(outcomes()).toEqual([...Array(4).fill('retry'), 'delivery_limit']);
    expect(failures.counts.size).toBe(0);

    for (let receives = 1; receives <= 3; receives++) await run(record(order, receives));
    expect(delays.map(([, seconds]) => seconds)).toEqual([...schedule, 15, 15]);
    expect(outcomes().at(-1)).toBe('ack');
  });
});

describe('a notification', () => {
  it('is one effect per order and state, and what differs between two of them is not believed', () => {
    const order = paidOrder({ out_trade_no: 'T-1' });

    expect(consumer().queue).toBe('merchant.notifications');
    expect(consumer().businessKey(order)).toBe('merchant-webhook:T-1:PAID');
    expect(consumer().businessKey({ ...order, state: 'REFUNDING' })).toBe('merchant-webhook:T-1:REFUNDING');
    expect(consumer().comparable(order)).toEqual([8800, 'CNY', order.transaction_id]);
  });
});
