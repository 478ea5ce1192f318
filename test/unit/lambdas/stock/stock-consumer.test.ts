import { PermanentError, RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../../lambdas/shared/consumer/parse-payload.ts';
import { type OrderState, orderVersions } from '../../../../lambdas/shared/orders/order-event.ts';
import {
  placeOf,
  type Reservation,
  type ReservationState,
  reservationStates,
} from '../../../../lambdas/shared/stock/reservation.ts';
import { checkNoWayBack } from '../../../../lambdas/shared/stock/transitions.ts';
import { createStockConsumer } from '../../../../lambdas/stock/stock-consumer.ts';
import { errorOf, message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn } from '../shared/orders/orders.ts';
import { MemoryStockStore } from '../shared/stock/memory-stock-store.ts';

const items = [
  { sku: 'TEA-1', quantity: 2 },
  { sku: 'CUP-1', quantity: 1 },
];
const holdMs = 3_600_000;
const expires_at = new Date(now.getTime() - 1).toISOString();

const event = (state: OrderState, changes: object = {}) => ({
  out_trade_no: 'T-1',
  state,
  version: orderVersions[state],
  amount: { total: 8800, currency: 'CNY' },
  items,
  ...(state !== 'PAYING' && state !== 'CLOSED' && { transaction_id: '42' }),
  changed_at: '2026-11-23T10:00:00+08:00',
  ...changes,
});

const told = {
  'order.created': event('PAYING'),
  'order.paid': event('PAID'),
  'order.closed': event('CLOSED'),
  'order.refunding': event('REFUNDING'),
  'stock.expired': { event: 'stock.expired', out_trade_no: 'T-1', expires_at },
};

const orderWith = (state: OrderState) => ({ ...orderIn[state], items });

/** What the order is when that is told at once. */
const stateAfter = {
  'order.created': 'PAYING',
  'order.paid': 'PAID',
  'order.closed': 'CLOSED',
  'order.refunding': 'REFUNDING',
  'stock.expired': 'PAYING',
} as const satisfies Record<keyof typeof told, OrderState>;

/** Goods of which some lie where those of the order do. */
function stockIn(state: ReservationState | undefined, available = 10): MemoryStockStore {
  const place = placeOf(state);
  const rows: Reservation[] = state ? [{ out_trade_no: 'T-1', state, items, changed_at: now.toISOString() }] : [];
  const stock = new MemoryStockStore({ 'TEA-1': available, 'CUP-1': available }, ...rows);
  if (place !== 'available') for (const { sku, quantity } of items) stock.add(sku, place, quantity);
  return stock;
}

function consumerOn(stock: MemoryStockStore, ...orders: (typeof orderIn)[OrderState][]) {
  const known = orders.length > 0 ? orders : [orderWith('PAID')];
  const deps = { stock, orders: new MemoryOrdersStore(...known), holdMs, now: () => now, newEventId: () => 'event-9' };
  const consumer = createStockConsumer(deps);
  const handle = async (payload: object) => {
    const one = message({ payload: JSON.stringify(payload) });
    const body = await parsePayload(one, consumer.schema);
    await consumer.handle({ body, message: one, log: silentLog, redelivered: false });
  };
  const state = async () => (await stock.find('T-1'))?.state;
  const keys = () => stock.messages.map(({ message: { properties } }) => properties.type);
  return { consumer, handle, state, keys, tea: () => stock.goods('TEA-1') };
}

/** Where each event takes the goods from NONE, RESERVED, LACKING, CANCELLED, CONFIRMED, UNAVAILABLE and RETURNED, when there are enough. `-`: nowhere. */
const ways: Readonly<Record<keyof typeof told, string>> = {
  'order.created': 'RESERVED - - - - - -',
  'order.paid': 'CONFIRMED CONFIRMED CONFIRMED CONFIRMED - - -',
  'order.closed': 'CANCELLED CANCELLED CANCELLED - - - -',
  'stock.expired': '- CANCELLED - - - - -',
  'order.refunding': 'RETURNED RETURNED RETURNED RETURNED RETURNED RETURNED -',
};
const froms = [undefined, ...reservationStates];
const cases = Object.entries(ways).flatMap(([trigger, tos]) =>
  tos.split(' ').map((to, at) => [trigger as keyof typeof told, froms[at], to] as const),
);

describe('the goods of an order', () => {
  it.each(cases)('go where they must, every piece of them, once: %s finds %s', async (trigger, from, way) => {
    const stock = stockIn(from);
    const before = await stock.goods('TEA-1');
    const { handle, state, tea, keys } = consumerOn(stock, orderWith(stateAfter[trigger]));
    const to = way === '-' ? from : reservationStates.find((one) => one === way);

    for (let times = 0; times < 3; times++) await handle(told[trigger]);

    expect(await state()).toBe(to);
    const expected = { ...before };
    expected[placeOf(from)] -= 2;
    expected[placeOf(to)] += 2;
    expect(await tea()).toEqual(expected);
    const tells = { RESERVED: ['stock.expired'], CONFIRMED: ['stock.confirmed'] } as const;
    expect(keys()).toEqual(to !== from && (to === 'RESERVED' || to === 'CONFIRMED') ? tells[to] : []);
  });

  it('are LACKING when there are too few of one kind, and none is taken of the other', async () => {
    const stock = new MemoryStockStore({ 'TEA-1': 9 });
    const { handle, state, tea, keys } = consumerOn(stock);

    await handle(told['order.created']);

    expect([await state(), (await tea()).available, keys()]).toEqual(['LACKING', 9, []]);
  });

  it.each([undefined, 'LACKING', 'CANCELLED'] as const)(
    'that a paid order finds too few of are UNAVAILABLE, which is told once: from %s',
    async (from) => {
      const stock = stockIn(from, 1);
      const { handle, state, tea, keys } = consumerOn(stock);

      for (let times = 0; times < 3; times++) await handle(told['order.paid']);
      // More have come: it is told already that they are not there.
      stock.add('TEA-1', 'available', 5);
      await handle(told['order.paid']);

      expect([await state(), (await tea()).available, keys()]).toEqual(['UNAVAILABLE', 6, ['stock.unavailable']]);
    },
  );

  it('tell of themselves what the next one must know', async () => {
    const stock = stockIn('RESERVED');
    await consumerOn(stock).handle(told['order.paid']);

    const [sent] = stock.messages;
    expect(sent).toMatchObject({ message: { exchange: 'orders', routingKeys: ['stock.confirmed'] } });
    expect(JSON.parse(sent?.message.payload ?? '')).toEqual({
      event: 'stock.confirmed',
      out_trade_no: 'T-1',
      amount: { total: 8800, currency: 'CNY' },
      transaction_id: '42',
      items,
      changed_at: now.toISOString(),
    });
  });

  it('that lie ready send themselves what lets them go', async () => {
    const stock = stockIn(undefined);
    await consumerOn(stock).handle(told['order.created']);

    const [sent] = stock.messages;
    expect(sent).toMatchObject({ delayMs: holdMs, message: { exchange: '', routingKeys: ['stock.reservations'] } });
    const until = new Date(now.getTime() + holdMs).toISOString();
    expect(JSON.parse(sent?.message.payload ?? '')).toEqual({ ...told['stock.expired'], expires_at: until });
  });

  it('do not go before their time is over', async () => {
    const stock = stockIn('RESERVED');
    const early = { ...told['stock.expired'], expires_at: new Date(now.getTime() + 5_000).toISOString() };
    const { handle, state } = consumerOn(stock);

    expect(await rejectionOf(handle(early))).toMatchObject({ name: 'RetryableError', delaySeconds: 5 });
    expect(await state()).toBe('RESERVED');
  });

  it('stay when their order is paid by then: its payment is told late, and finds them', async () => {
    const stock = stockIn('RESERVED', 0);
    const { handle, state, keys } = consumerOn(stock, orderWith('PAID'));

    await handle(told['stock.expired']);
    expect(await state()).toBe('RESERVED');
    await handle(told['order.paid']);

    expect([await state(), keys()]).toEqual(['CONFIRMED', ['stock.confirmed']]);
  });

  it('that somebody else moves meanwhile are looked at again', async () => {
    const stock = stockIn('RESERVED');
    const [row] = [await stock.find('T-1')];
    if (!row) throw new Error('no row');
    stock.beforeWrite(() => stock.put({ ...row, state: 'RETURNED' }));
    const { handle, state, keys } = consumerOn(stock);

    await handle(told['order.paid']);

    expect([await state(), keys()]).toEqual(['RETURNED', []]);
  });

  it('that are moved again and again are tried again later', async () => {
    const stock = stockIn('RESERVED');
    const row = await stock.find('T-1');
    for (let times = 0; times < 5; times++) {
      stock.beforeWrite(() => row && stock.put({ ...row, state: times % 2 === 0 ? 'CANCELLED' : 'RESERVED' }));
    }

    expect(await rejectionOf(consumerOn(stock).handle(told['order.paid']))).toBeInstanceOf(RetryableError);
  });
});

describe('what is told of goods and is not so', () => {
  it.each([
    ['of an order that is not there', { ...told['order.paid'], out_trade_no: 'T-2' }, 'there is no order T-2'],
    ['that the time is over of one that is not there', { ...told['stock.expired'], out_trade_no: 'T-2' }, 'T-2'],
    ['of other items', event('PAID', { items: [{ sku: 'TEA-1', quantity: 3 }] }), 'items that are told differ'],
    ['of no items', event('PAID', { items: undefined }), 'items that are told differ'],
    ['of one sku twice', event('PAID', { items: [...items, ...items] }), 'items: custom'],
    ['of no piece', event('PAID', { items: [{ sku: 'TEA-1', quantity: 0 }] }), 'quantity'],
  ])('is rejected with what is wrong, and changes nothing: %s', async (_, payload, problem) => {
    const stock = stockIn('RESERVED');
    const { handle, state } = consumerOn(stock);

    const error = await rejectionOf(handle(payload));

    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toHaveProperty('message', expect.stringContaining(problem));
    expect([await state(), stock.moves, await stock.find('T-2')]).toEqual(['RESERVED', [], undefined]);
  });

  it.each<[string, OrderState, object, string]>([
    ['that one is paid that is not', 'PAYING', told['order.paid'], 'it is PAYING, and told to be PAID'],
    ['that one is closed that is not', 'PAYING', told['order.closed'], 'it is PAYING, and told to be CLOSED'],
    [
      'that the money of one goes back that is paid',
      'PAID',
      told['order.refunding'],
      'it is PAID, and told to be REFUND',
    ],
    ['and says an older version', 'PAID', event('REFUNDING', { version: 1 }), 'it is PAID, and told to be REFUND'],
    ['that one is closed that is paid', 'PAID', told['order.closed'], 'it is PAID, and told to be CLOSED'],
    ['that one is paid that is closed', 'CLOSED', told['order.paid'], 'it is CLOSED, and told to be PAID'],
    ['of another payment', 'PAID', event('PAID', { transaction_id: '43' }), 'transaction_id'],
    ['of no payment', 'PAID', event('PAID', { transaction_id: undefined }), 'transaction_id'],
    ['of another payment that goes back', 'REFUNDED', event('REFUNDING', { transaction_id: '43' }), 'transaction_id'],
  ])('is rejected when the order does not know of it: %s', async (_, orderState, payload, problem) => {
    const stock = stockIn('RESERVED');
    const { handle, state } = consumerOn(stock, orderWith(orderState));

    const error = await rejectionOf(handle(payload));

    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toHaveProperty('message', expect.stringContaining(problem));
    expect([await state(), stock.moves]).toEqual(['RESERVED', []]);
  });

  it('is rejected when another time is told to be over than that of the reservation', async () => {
    const stock = stockIn(undefined);
    const { handle, state } = consumerOn(stock, orderWith('PAYING'));
    await handle(told['order.created']);

    const error = await rejectionOf(handle(told['stock.expired']));

    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toHaveProperty('message', expect.stringContaining('its goods lie ready until'));
    expect(await state()).toBe('RESERVED');
  });

  it.each<[OrderState, OrderState]>([
    ['PAYING', 'PAID'],
    ['PAID', 'REFUNDED'],
    ['CLOSED', 'REFUNDING'],
    ['REFUNDING', 'REFUNDED'],
  ])('is not what is only late: %s, told of one that is %s', async (late, now) => {
    const { handle } = consumerOn(stockIn('RESERVED'), orderWith(now));

    await handle(event(late));
  });

  it('leaves an order without items alone', async () => {
    const stock = stockIn(undefined);
    await consumerOn(stock, orderIn.PAID).handle(event('PAID', { items: undefined }));

    expect([stock.moves, stock.messages]).toEqual([[], []]);
  });

  it('is nobody’s business without items, of an order that is not there', async () => {
    const stock = stockIn(undefined);
    await consumerOn(stock).handle(event('PAID', { items: undefined, out_trade_no: 'T-2' }));

    expect([stock.moves, stock.messages]).toEqual([[], []]);
  });

  it('is one effect for each state of an order', () => {
    const { consumer } = consumerOn(stockIn(undefined));
    const { state, ...rest } = event('PAID');

    expect(consumer.businessKey({ ...rest, state })).toBe('stock:T-1:PAID');
    expect(consumer.businessKey({ event: 'stock.expired', out_trade_no: 'T-1', expires_at })).toBe(
      'stock:T-1:stock.expired',
    );
  });
});

describe('a table of what moves goods', () => {
  it('is refused when a state comes back, or cannot be reached', () => {
    const table = { go: { A: 'B' }, back: { B: 'A' } };

    const error = errorOf(() => checkNoWayBack(table, 'A', ['B', 'C']));

    expect(error).toHaveProperty('message', expect.stringMatching(/nothing leads to C; B can come back/));
  });
});
