import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbRoundStore } from '../../../lambdas/compare-books/dynamodb-round-store.ts';
import { newRound } from '../../../lambdas/compare-books/round.ts';
import { createDynamoDbLedgerStore } from '../../../lambdas/ledger/dynamodb-ledger-store.ts';
import type { PagedBook } from '../../../lambdas/shared/books/book-pages.ts';
import { differencesOf } from '../../../lambdas/shared/books/compare-books.ts';
import { createDynamoDbBookPages } from '../../../lambdas/shared/books/dynamodb-book-pages.ts';
import { createDynamoDbBooks } from '../../../lambdas/shared/books/dynamodb-books.ts';
import { createOrder } from '../../../lambdas/shared/orders/create-order.ts';
import { createDynamoDbOrdersStore } from '../../../lambdas/shared/orders/dynamodb-orders-store.ts';
import { moveOrder } from '../../../lambdas/shared/orders/move-order.ts';
import { orderVersions } from '../../../lambdas/shared/orders/order-event.ts';
import { refundDueChange } from '../../../lambdas/shared/orders/refund-change.ts';
import { createDynamoDbOutbox } from '../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { createDynamoDbRefundsStore } from '../../../lambdas/shared/refunds/dynamodb-refunds-store.ts';
import { requestRefund } from '../../../lambdas/shared/refunds/request-refund.ts';
import { goodsId, reservationId } from '../../../lambdas/shared/stock/dynamodb-stock-store.ts';
import { now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** The readers of whoever compares books: they find what the real stores have written. */
export function booksContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('the books', () => {
    const orders = tableFor(documents, 'out_trade_no');
    const ledger = tableFor(documents, 'out_trade_no');
    const refunds = tableFor(documents, 'transaction_id', 'out_refund_no');
    const outbox = tableFor(documents, 'aggregate', 'event_id');
    const stock = tableFor(documents, 'id');
    const sequences = tableFor(documents, 'sequence');

    function given() {
      const names = {
        orders: orders.name,
        ledger: ledger.name,
        refunds: refunds.name,
        outbox: outbox.name,
        stock: stock.name,
      };
      const patience = { maxAttempts: 5, sleep: async () => {} };
      const deps = { now: () => now, newEventId: () => randomUUID() };
      const writer = createDynamoDbOutbox(documents, {
        table: outbox.name,
        now: () => now,
        ...patience,
        random: () => 0,
      });
      const store = createDynamoDbOrdersStore(documents, writer, { table: orders.name, now: () => now });
      const put = (TableName: string, Item: Record<string, unknown>) =>
        documents.send(new PutCommand({ TableName, Item }));
      const out_trade_no = randomUUID().slice(0, 32);
      return {
        out_trade_no,
        put,
        books: createDynamoDbBooks(documents, names),
        pages: createDynamoDbBookPages(documents, { tables: names, ...patience }),
        store,
        deps: { ...deps, store },
        refunds: createDynamoDbRefundsStore(documents, writer, refunds.name),
        order: { out_trade_no, mchid: '1900000001', appid: 'wx1', amount_total: 8800, currency: 'CNY' },
        /** As the function `ledger` would have. */
        async enter(state: 'PAYING' | 'PAID' | 'REFUNDING', transaction_id?: string) {
          const event = {
            out_trade_no,
            state,
            version: orderVersions[state],
            amount: { total: 8800, currency: 'CNY' },
          };
          const known = transaction_id === undefined ? {} : { transaction_id };
          await createDynamoDbLedgerStore(documents, { table: ledger.name, now: () => now }).upsertAll([
            { ...event, ...known, changed_at: now.toISOString() },
          ]);
        },
      };
    }

    check('say of an order what its stores have written, and agree', async () => {
      const { out_trade_no, order, deps, refunds, books, enter } = given();
      await createOrder({ ...order, state: 'PAYING' }, deps);
      await enter('PAYING');
      expect(differencesOf(await books.of(out_trade_no), now)).toEqual([]);

      const transaction_id = randomUUID();
      const paid = { trigger: 'payment.success', out_trade_no, objectionOf: () => undefined } as const;
      await moveOrder({ ...paid, facts: { transaction_id, paid_at: now.toISOString() } }, deps);
      const { mchid } = order;
      const refund = { transaction_id, out_refund_no: randomUUID(), out_trade_no, refund: 8800, total: 8800 };
      const asked = {
        ...refund,
        currency: 'CNY',
        reason: 'a test',
        requested_by: 'lin',
        requested_at: now.toISOString(),
      };
      await requestRefund(asked, { refunds, ...deps });
      await moveOrder(
        refundDueChange({ mchid, out_trade_no, transaction_id, amount: { total: 8800, refund: 8800 } }),
        deps,
      );
      await enter('REFUNDING', transaction_id);

      const found = await books.of(out_trade_no);
      expect(differencesOf(found, now)).toEqual([]);
      expect(found).toMatchObject({
        order: { state: 'REFUNDING', created_at: now.toISOString() },
        entry: { state: 'REFUNDING', recorded_at: now.toISOString() },
        refunds: [{ out_refund_no: asked.out_refund_no, state: 'REQUESTED' }],
        sums: { total: 8800, reserved: 8800, refunded: 0 },
        reservation: undefined,
      });
      const told = await books.toldOf(out_trade_no, found.refunds);
      expect(told.map((row) => row.told).sort()).toEqual([
        'order.created',
        'order.paid',
        'order.refunding',
        'refund.requested',
      ]);
      expect(told.every(({ relayed_at, exception_at }) => relayed_at === undefined && exception_at === undefined)).toBe(
        true,
      );
    });

    check('say nothing of an order that nobody has made', async () => {
      const { books, out_trade_no } = given();

      expect(await books.of(out_trade_no)).toEqual({
        out_trade_no,
        order: undefined,
        entry: undefined,
        refunds: [],
        sums: undefined,
        reservation: undefined,
      });
      expect(await books.toldOf(out_trade_no, [])).toEqual([]);
    });

    check('name a row that is none, and no value in it', async () => {
      const { books, out_trade_no, put } = given();
      await put(orders.name, { out_trade_no, state: 'PAID', amount_total: 'of Ms Wang' });

      const read = books.of(out_trade_no);
      await expect(read).rejects.toThrow(`the row ${out_trade_no} of Orders is not as it should be`);
      await expect(read).rejects.not.toThrow('Wang');
    });

    check('are walked through page by page, each row once', async () => {
      const { pages, put } = given();
      const numbers = Array.from({ length: 7 }, (): string => randomUUID());
      for (const out_trade_no of numbers) await put(ledger.name, { out_trade_no });

      const seen = await walk(pages, 'ledger');

      expect(
        seen
          .flatMap((page) => page.numbers)
          .filter((one) => numbers.includes(one))
          .sort(),
      ).toEqual(numbers.sort());
      expect(seen.length).toBeGreaterThanOrEqual(4);
    });

    check('of the stock have reservations, goods, and what is neither', async () => {
      const { pages, put } = given();
      const [number, lost, sku] = [randomUUID(), randomUUID(), randomUUID()];
      const items = [{ sku, quantity: 2 }];
      const reservation = { out_trade_no: number, state: 'CONFIRMED', items, changed_at: now.toISOString() };
      await put(stock.name, { id: reservationId(number), ...reservation });
      await put(stock.name, { id: reservationId(lost), ...reservation, out_trade_no: lost, state: 'LOST' });
      // As goods come in: what was never moved has no count.
      await put(stock.name, { id: goodsId(sku), available: 3, sold: 2 });
      await put(stock.name, { id: `strange-${sku}` });
      await put(stock.name, { id: goodsId(`less-than-none-${sku}`), available: -1 });

      const seen = await walk(pages, 'stock');

      expect(seen.flatMap(({ reservations }) => reservations)).toContainEqual(reservation);
      expect(seen.flatMap(({ goods }) => goods)).toContainEqual({ sku, available: 3, reserved: 0, sold: 2 });
      expect(seen.flatMap(({ numbers }) => numbers)).toContain(number);
      const unreadable = [goodsId(`less-than-none-${sku}`), `strange-${sku}`];
      expect(seen.flatMap((page) => page.unreadable).sort()).toEqual(unreadable.sort());
      expect(seen.filter(({ lacksReservations }) => lacksReservations).map(({ numbers }) => numbers)).toEqual([
        expect.arrayContaining([lost]),
      ]);
      expect(await pages.goods(sku)).toEqual({ sku, available: 3, reserved: 0, sold: 2 });
      expect(await pages.goods(`less-than-none-${sku}`)).toBeUndefined();
      expect(await pages.goods('of-nobody')).toEqual({ sku: 'of-nobody', available: 0, reserved: 0, sold: 0 });
    });

    check('tell which orders there are', async () => {
      const { pages, deps, order, out_trade_no } = given();
      await createOrder({ ...order, state: 'PAYING' }, deps);

      expect(await pages.known([out_trade_no, 'of-nobody'])).toEqual(new Set([out_trade_no]));
      expect(await pages.known([])).toEqual(new Set());
    });

    check('are remembered as far as the round has come', async () => {
      const round = createDynamoDbRoundStore(documents, sequences.name);
      expect(await round.load()).toBeUndefined();

      const count = { sum: { reserved: 1, sold: 2 }, row: { reserved: 1, sold: 3 }, moves: false };
      const saved = { ...newRound(now), after: 'N1', counts: { 'a sku/with.dots': count }, suspects: {} };
      await round.save(saved);
      expect(await round.load()).toEqual(saved);

      const { after: _, step: __, ...ended } = saved;
      await round.save({ ...ended, step: undefined });
      expect(await round.load()).toEqual(ended);
    });
  });
}

async function walk(pages: ReturnType<typeof createDynamoDbBookPages>, book: PagedBook) {
  const seen = [];
  let after: string | undefined;
  do {
    const page = await pages.page(book, after, 2);
    seen.push(page);
    after = page.next;
  } while (after !== undefined);
  return seen;
}
