import { randomUUID } from 'node:crypto';
import {
  createFulfilmentConsumer,
  type PaidOrder,
  type ToFulfil,
} from '../../../../lambdas/fulfilment/fulfilment-consumer.ts';
import { mostRefusalBytes } from '../../../../lambdas/fulfilment/refusal.ts';
import { PermanentError, RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../../lambdas/shared/consumer/parse-payload.ts';
import { createHttpPost } from '../../../../lambdas/shared/http/http-post.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import type { Outbox } from '../../../../lambdas/shared/outbox/outbox.ts';
import type { OutboxMessage } from '../../../../lambdas/shared/outbox/outbox-message.ts';
import { eventually } from '../../../../local/eventually.ts';
import type { Behaviour } from '../../../../local/merchant/fulfilments.ts';
import { type Merchant, startMerchant } from '../../../../local/merchant/merchant.ts';
import { merchantClient } from '../../../../local/merchant/merchant-client.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn } from '../shared/orders/orders.ts';

let merchant: Merchant;
beforeAll(async () => {
  merchant = await startMerchant();
});
afterAll(() => merchant.close());

function paidOrder(changes: Partial<PaidOrder> = {}): PaidOrder {
  return {
    out_trade_no: `T-${randomUUID().slice(0, 18)}`,
    state: 'PAID',
    version: 2,
    amount: { total: 8800, currency: 'CNY' },
    transaction_id: '4200000000000000000000000001',
    changed_at: '2026-11-23T10:00:00+08:00',
    ...changes,
  };
}

const told: OutboxMessage[] = [];
const outbox: Outbox = {
  async write(messages) {
    told.push(...messages);
    return { outcome: 'written', rows: messages.map(() => 'written') };
  },
};

/** What is told of an order's fulfilment. */
const toldOf = (out_trade_no: string) =>
  told.map(({ message }) => JSON.parse(message.payload)).filter((event) => event.out_trade_no === out_trade_no);

const consumer = (...orders: Order[]) =>
  createFulfilmentConsumer({
    post: createHttpPost({ url: merchant.url, timeoutMs: 2_000, mostAnswerBytes: mostRefusalBytes }),
    outbox,
    orders: new MemoryOrdersStore(...orders),
    newEventId: () => 'event-9',
    mostRetryAfterSeconds: 60,
    now: () => now,
  });

/** Of an order that is kept here. */
const handleOf = (known: Order, body: ToFulfil) =>
  consumer(known).handle({ body, message: message(), log: silentLog, redelivered: false });

const handle = (body: ToFulfil, deadline?: AbortSignal) =>
  consumer().handle({ body, message: message(), log: silentLog, redelivered: false, deadline });

/** What the handling of one delivery after another ended in, until one is acked. */
async function deliver(order: PaidOrder, most = 20): Promise<unknown[]> {
  const errors: unknown[] = [];
  await eventually(
    () =>
      handle(order).then(
        () => true,
        (error) => {
          errors.push(error);
          return errors.length >= most;
        },
      ),
    Boolean,
    10_000,
  );
  return errors;
}

const client = () => merchantClient(merchant.url);

describe('the merchant of a paid order', () => {
  it('is asked once, under the business key, with what the order is', async () => {
    const order = paidOrder();

    await handle(order);

    expect(await client().requestsOf(order.out_trade_no)).toMatchObject([
      {
        idempotency_key: `fulfilment:${order.out_trade_no}`,
        body: { out_trade_no: order.out_trade_no, transaction_id: order.transaction_id, amount: order.amount },
        effect: true,
      },
    ]);
  });

  it.each<[Behaviour, number]>([
    ['fail-after-work', 1],
    ['drop-after-work', 1],
    ['late', 1],
    ['unavailable', 1],
    ['busy', 1],
    ['redirect', 1],
  ])('that did %p is asked again under the same key, and has one effect', async (behaviour, tries) => {
    const order = paidOrder();
    await client().plan(order.out_trade_no, behaviour);

    const errors = await deliver(order);

    expect(errors).toHaveLength(tries);
    for (const error of errors) expect(error).toBeInstanceOf(RetryableError);
    const seen = await client().requestsOf(order.out_trade_no);
    expect(seen.map(({ idempotency_key }) => idempotency_key)).toEqual(
      Array(tries + 1).fill(`fulfilment:${order.out_trade_no}`),
    );
    expect(new Set(seen.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(seen.filter(({ effect }) => effect)).toHaveLength(1);
  });

  it('that is still at work when it is asked again says 409: that is no refusal, and the next answer tells of one effect', async () => {
    const order = paidOrder();
    await client().plan(order.out_trade_no, 'hang');

    const errors = await deliver(order);

    for (const error of errors) expect(error).toBeInstanceOf(RetryableError);
    const seen = await client().requestsOf(order.out_trade_no);
    expect(seen.map(({ answer }) => answer)).toEqual(['hung', ...Array(errors.length - 1).fill(409), 200]);
    expect(errors.length).toBeGreaterThan(1);
    expect(seen.filter(({ effect }) => effect)).toHaveLength(1);
  });

  it('may answer without an end', async () => {
    const order = paidOrder();
    await client().plan(order.out_trade_no, 'huge-answer-after-work');

    await handle(order);

    expect(await client().requestsOf(order.out_trade_no)).toHaveLength(1);
  });

  it('that refuses the order is not asked again', async () => {
    const order = paidOrder();
    await client().plan(order.out_trade_no, 'refuse');

    expect(await rejectionOf(handle(order))).toBeInstanceOf(PermanentError);
  });

  it('that knows the key with other content is not asked again', async () => {
    const order = paidOrder();
    await handle(order);

    const other = await rejectionOf(handle({ ...order, amount: { total: 1, currency: 'CNY' } }));

    expect(other).toBeInstanceOf(PermanentError);
    expect(other).toMatchObject({ message: 'the answer was 422' });
  });

  it('is not waited for beyond the deadline of the delivery', async () => {
    const order = paidOrder();

    expect(await rejectionOf(handle(order, AbortSignal.abort()))).toBeInstanceOf(RetryableError);
    expect(await client().requestsOf(order.out_trade_no)).toEqual([]);
  });

  it('that says Retry-After is left alone for so long', async () => {
    const order = paidOrder();
    await client().plan(order.out_trade_no, 'busy');

    expect(await rejectionOf(handle(order))).toMatchObject({ atLeastSeconds: 7 });
  });

  it('is told the same of two events of one order that tell other times', async () => {
    const order = paidOrder();
    await handle(order);

    await handle({ ...order, changed_at: '2026-11-23T12:00:00Z', version: 3 });

    expect(await client().requestsOf(order.out_trade_no)).toMatchObject([{ answer: 200 }, { answer: 200 }]);
  });
});

describe('what the merchant answers for good', () => {
  const items = [{ sku: 'TEA-1', quantity: 2 }];
  const confirmed = ({ out_trade_no, amount, transaction_id = '42', changed_at }: PaidOrder): ToFulfil => ({
    event: 'stock.confirmed',
    out_trade_no,
    amount,
    transaction_id,
    items,
    changed_at,
  });

  it('is told: that it is done', async () => {
    const { transaction_id, ...order } = paidOrder();
    await handle({ ...order, transaction_id });

    const { out_trade_no } = order;
    expect(toldOf(out_trade_no)).toEqual([{ event: 'fulfilment.accepted', out_trade_no, transaction_id }]);
  });

  it('is told: that it refuses the order, and why, however often it is asked', async () => {
    const order = paidOrder();
    await client().plan(order.out_trade_no, 'refuse-order');

    await handle(order);
    await handle(order);

    const { out_trade_no, transaction_id } = order;
    const refused = { event: 'fulfilment.refused', out_trade_no, transaction_id, code: 'OUT_OF_RANGE' };
    expect(toldOf(out_trade_no)).toEqual([refused, refused]);
  });

  it.each(['fail-after-work', 'refuse', 'busy'] as const)('is not told while nobody knows: %s', async (behaviour) => {
    const order = paidOrder();
    await client().plan(order.out_trade_no, behaviour);

    await rejectionOf(handle(order));

    expect(toldOf(order.out_trade_no)).toEqual([]);
  });

  it('is no refusal without its words: another 422 is for a person', async () => {
    const order = paidOrder();
    await handle(order);

    await rejectionOf(handle({ ...order, amount: { total: 1, currency: 'CNY' } }));

    expect(toldOf(order.out_trade_no)).toMatchObject([{ event: 'fulfilment.accepted' }]);
  });

  it('is asked for goods only when they are the order’s own, which has the key of the one effect', async () => {
    const order = paidOrder({ items });

    await handle(order);
    expect(await client().requestsOf(order.out_trade_no)).toEqual([]);
    await handle(confirmed(order));

    expect(await client().requestsOf(order.out_trade_no)).toMatchObject([{ body: { items }, effect: true }]);
    expect(consumer().businessKey(confirmed(order))).toBe(`fulfilment:${order.out_trade_no}`);
    expect(consumer().businessKey(order)).not.toBe(consumer().businessKey(confirmed(order)));
  });
});

describe('a paid order', () => {
  it('is one effect, and what differs between two messages of it is not believed', () => {
    const order = paidOrder({ out_trade_no: 'T-1' });

    expect(consumer().queue).toBe('fulfilment.requests');
    expect(consumer().businessKey(order)).toBe('fulfilment:T-1');
    expect(consumer().comparable(order)).toEqual([8800, 'CNY', order.transaction_id]);
    expect(consumer().comparable({ ...order, transaction_id: undefined })).toEqual([8800, 'CNY', '']);
  });

  const parse = (event: object) => parsePayload(message({ payload: JSON.stringify(event) }), consumer().schema);

  it.each([
    ['in another state', { state: 'CLOSED' }],
    ['without a number', { out_trade_no: '' }],
    ['with a number that no header takes', { out_trade_no: '订单-1' }],
    ['with a number that would make two headers', { out_trade_no: 'T\r\nx: y' }],
    ['with an amount that is no integer', { amount: { total: 88.5, currency: 'CNY' } }],
  ])('%s is rejected', async (_, changes) => {
    expect(await rejectionOf(parse({ ...paidOrder(), ...changes }))).toBeInstanceOf(PermanentError);
  });

  it('may have every character that WeChat Pay allows in its number', async () => {
    const out_trade_no = 'aZ09_-|*';

    expect(await parse(paidOrder({ out_trade_no }))).toMatchObject({ out_trade_no });
  });
});

describe('a paid order that is kept here', () => {
  const { transaction_id } = paidOrder();
  const items = [{ sku: 'TEA-1', quantity: 2 }];
  const known = (order: Order, out_trade_no: string): Order =>
    ({
      ...order,
      out_trade_no,
      ...('transaction_id' in order && order.transaction_id !== undefined && { transaction_id }),
    }) as Order;
  const goods = ({ out_trade_no, amount, changed_at }: PaidOrder): ToFulfil => ({
    event: 'stock.confirmed',
    out_trade_no,
    amount,
    transaction_id: transaction_id ?? '',
    items,
    changed_at,
  });

  it('is asked for while it is PAID', async () => {
    const order = paidOrder();

    await handleOf(known(orderIn.PAID, order.out_trade_no), order);

    expect(await client().requestsOf(order.out_trade_no)).toMatchObject([{ effect: true }]);
  });

  it.each(['REFUNDING', 'REFUNDED'] as const)(
    'is not sent out when its money goes back, however long it waited, and nothing is told: %s',
    async (state) => {
      for (const event of [paidOrder(), goods(paidOrder())]) {
        await handleOf(known(orderIn[state], event.out_trade_no), event);

        expect(await client().requestsOf(event.out_trade_no)).toEqual([]);
        expect(toldOf(event.out_trade_no)).toEqual([]);
      }
    },
  );

  it.each(['REFUNDING', 'REFUNDED'] as const)(
    'is for a person when its money goes back and the merchant may have been asked before: %s',
    async (state) => {
      const event = paidOrder();
      const consumed = consumer(known(orderIn[state], event.out_trade_no));

      const handling = consumed.handle({ body: event, message: message(), log: silentLog, redelivered: true });

      expect(await rejectionOf(handling)).toBeInstanceOf(PermanentError);
      expect(await client().requestsOf(event.out_trade_no)).toEqual([]);
    },
  );

  it.each<[string, Order, object]>([
    ['not paid', orderIn.PAYING, {}],
    ['closed', orderIn.CLOSED, {}],
    ['paid by another payment', orderIn.PAID, { transaction_id: '43' }],
    ['paid, and no payment is told', orderIn.PAID, { transaction_id: undefined }],
  ])('is rejected, so that what is true may still come: %s', async (_, order, changes) => {
    const event = paidOrder(changes);

    expect(await rejectionOf(handleOf(known(order, event.out_trade_no), event))).toBeInstanceOf(PermanentError);
    expect(await client().requestsOf(event.out_trade_no)).toEqual([]);
  });

  it.each<[string, object, object]>([
    ['other goods', { items: [{ sku: 'GOLD-1', quantity: 2 }] }, { items }],
    ['more of them', { items: [{ sku: 'TEA-1', quantity: 3 }] }, { items }],
    ['goods, of one that has none', { items }, {}],
    ['another amount', { items, amount: { total: 1, currency: 'CNY' } }, { items }],
    ['another currency', { items, amount: { total: 8800, currency: 'USD' } }, { items }],
  ])('is rejected when something else is told of it than is stored: %s', async (_, told, stored) => {
    const event = { ...goods(paidOrder()), ...told };
    const order = { ...known(orderIn.PAID, event.out_trade_no), ...stored };

    expect(await rejectionOf(handleOf(order, event))).toBeInstanceOf(PermanentError);
    expect(await client().requestsOf(event.out_trade_no)).toEqual([]);
  });

  it('is rejected when it is told without its goods, which may not be its own yet', async () => {
    const event = paidOrder();

    const error = await rejectionOf(handleOf({ ...known(orderIn.PAID, event.out_trade_no), items }, event));

    expect(error).toBeInstanceOf(PermanentError);
    expect(await client().requestsOf(event.out_trade_no)).toEqual([]);
  });
});
