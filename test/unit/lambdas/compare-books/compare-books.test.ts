import fc from 'fast-check';
import type { OrderBooks } from '../../../../lambdas/shared/books/books.ts';
import type { Reservation } from '../../../../lambdas/shared/stock/reservation.ts';
import { now } from '../builders.ts';
import { booksOf, entryOf, items, orderIn } from '../shared/books/some-books.ts';
import { compareOn, later, Tables } from './round-on-fakes.ts';

const numberOf = (at: number) => `N${String(at).padStart(3, '0')}`;

function paid(at: number, changes: Partial<OrderBooks> = {}): OrderBooks {
  const order = { ...orderIn('PAID'), out_trade_no: numberOf(at) };
  return booksOf(order, { out_trade_no: numberOf(at), ...changes });
}

function reserved(at: number, state: Reservation['state'], changed_at = now.toISOString(), goods = items): OrderBooks {
  const of = { PAID: 'CONFIRMED', PAYING: 'RESERVED' } as const;
  const order = { ...orderIn(state === of.PAID ? 'PAID' : 'PAYING', { items: goods }), out_trade_no: numberOf(at) };
  return booksOf(order, { reservation: { out_trade_no: numberOf(at), state, items: goods, changed_at } });
}

/** Some orders, every seventh of which the ledger lacks. */
function someTables(count: number): Tables {
  const tables = new Tables();
  for (let at = 0; at < count; at++) tables.put(paid(at, at % 7 === 0 ? { entry: undefined } : {}));
  return tables;
}

describe('a round', () => {
  it('compares every order once, and says when it is at its end', async () => {
    const tables = someTables(20);
    const { run, reported, meter } = compareOn(tables);

    expect(await run()).toEqual({ compared: 20, moving: 0, differences: 3, newDifferences: 3, isEnded: true });

    expect(reported.map(({ subject }) => subject)).toEqual([numberOf(0), numberOf(7), numberOf(14)]);
    expect(meter.counts).toContainEqual(['BookRuns', { outcome: 'ended' }]);
  });

  it('finds the same whenever its runs end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(25), fc.infiniteStream(fc.integer({ min: 1, max: 5 })), async (count, pages) => {
        const tables = someTables(count);
        const { run, reported } = compareOn(tables);
        for (let runs = 0; runs < 100; runs++) {
          const { isEnded } = await run(Number(pages.next().value));
          if (isEnded) break;
        }
        const missing = Array.from({ length: count }, (_, at) => at).filter((at) => at % 7 === 0);
        expect(reported.map(({ subject }) => subject)).toEqual(missing.map(numberOf));
        expect(new Set(tables.read).size).toBe(count);
      }),
      { numRuns: 50 },
    );
  });

  it('begins anew when it is time, and not before', async () => {
    const tables = someTables(5);
    let time = later;
    const { run } = compareOn(tables, { now: () => time });
    await run();
    const read = tables.read.length;

    time = new Date(later.getTime() + 19 * 3_600_000);
    expect(await run()).toMatchObject({ compared: 0, isEnded: true });
    expect(tables.read).toHaveLength(read);

    time = new Date(later.getTime() + 20 * 3_600_000);
    expect(await run()).toMatchObject({ compared: 5 });
  });

  it('begins anew when it has come to no end for three times as long', async () => {
    const tables = someTables(8);
    let time = later;
    const of: typeof tables.books.of = async (out_trade_no) => {
      if (out_trade_no === numberOf(4)) throw new Error('a row that stops the page');
      return tables.books.of(out_trade_no);
    };
    const { run } = compareOn(tables, { books: { ...tables.books, of }, now: () => time });
    const readBy = async (hours: number) => {
      const before = tables.read.length;
      time = new Date(later.getTime() + hours * 3_600_000);
      await expect(run()).rejects.toThrow('stops the page');
      return tables.read.slice(before);
    };

    expect(await readBy(0)).toContain(numberOf(0));
    expect(await readBy(59)).not.toContain(numberOf(0));
    expect(await readBy(60)).toContain(numberOf(0));
  });

  it('finds what only the ledger has, and what only the stock has', async () => {
    const tables = someTables(0);
    tables.put({ ...paid(1), order: undefined });
    const { order: _, entry: __, ...rest } = reserved(2, 'RESERVED');
    tables.put({ ...rest, order: undefined, entry: undefined });
    tables.goods.set('tea', { sku: 'tea', available: 0, reserved: 2, sold: 0 });
    tables.goods.set('cup', { sku: 'cup', available: 0, reserved: 1, sold: 0 });
    const { run, reported } = compareOn(tables);

    await run();

    expect(reported).toMatchObject([
      { kind: 'order-missing', subject: numberOf(1), books: ['Orders', 'Ledger'] },
      { kind: 'order-missing', subject: numberOf(2), books: ['Orders', 'Stock'] },
    ]);
  });

  it('stops when there are more differences than have causes of their own, and goes on behind them', async () => {
    const tables = someTables(0);
    for (let at = 0; at < 9; at++) tables.put(paid(at, { entry: undefined }));
    const { run, reported } = compareOn(tables, { mostDifferences: 2 });

    await expect(run()).rejects.toThrow('3 new differences in one run');
    expect(reported).toHaveLength(3);
    await expect(run()).rejects.toThrow('3 new differences in one run');
    expect(new Set(reported.map(({ subject }) => subject)).size).toBe(6);
  });

  it('stops at none that somebody knows of, however many there are', async () => {
    const tables = someTables(0);
    for (let at = 0; at < 9; at++) tables.put(paid(at, { entry: undefined }));
    const { run } = compareOn(tables, { mostDifferences: 2, report: async () => false });

    expect(await run()).toMatchObject({ differences: 9, newDifferences: 0, isEnded: true });
  });

  it('takes what has moved a moment ago for no difference', async () => {
    const tables = someTables(0);
    tables.put(paid(1, { entry: { ...entryOf(orderIn('PAYING')), recorded_at: later.toISOString() } }));
    const { run, reported } = compareOn(tables);

    expect(await run()).toMatchObject({ compared: 1, moving: 1, differences: 0 });
    expect(reported).toEqual([]);
  });
});

describe('the counts of goods', () => {
  function withGoods(tea: { reserved: number; sold: number }, changes: Parameters<typeof compareOn>[1] = {}) {
    const tables = new Tables();
    tables.put(reserved(1, 'RESERVED'));
    tables.put(reserved(2, 'CONFIRMED'));
    tables.put(reserved(3, 'CONFIRMED'));
    tables.put(reserved(4, 'LACKING'));
    tables.goods.set('tea', { sku: 'tea', available: 5, ...tea });
    tables.goods.set('cup', { sku: 'cup', available: 5, reserved: 1, sold: 2 });
    return { tables, ...compareOn(tables, changes) };
  }

  it('agree with the reservations', async () => {
    const { run, reported } = withGoods({ reserved: 2, sold: 4 });

    expect(await run()).toMatchObject({ differences: 0, isEnded: true });
    expect(reported).toEqual([]);
  });

  it('differ, in pieces of both, when they are counted twice with the same result', async () => {
    const { run, reported } = withGoods({ reserved: 2, sold: 3 });

    await run();

    expect(reported).toEqual([
      {
        kind: 'goods-differ',
        of: 'goods',
        subject: 'tea',
        books: ['the goods’ counts', 'their reservations'],
        terms: [{ what: 'pieces sold', one: 3, other: 4 }],
      },
    ]);
  });

  it('differ when there is no row of the goods at all', async () => {
    const { run, reported, tables } = withGoods({ reserved: 2, sold: 4 });
    tables.goods.delete('tea');

    await run();

    expect(reported).toMatchObject([{ subject: 'tea', terms: [{ other: 2 }, { other: 4 }] }]);
  });

  it('do not differ when a sale between two pages is all there was', async () => {
    const { run, reported, tables } = withGoods({ reserved: 2, sold: 4 });
    let pages = 0;
    tables.onPage = (book) => {
      pages += book === 'stock' ? 1 : 0;
      if (pages !== 1) return;
      pages += 1;
      // After its reservation was read, and before the row of its goods is.
      tables.put(reserved(1, 'CONFIRMED', later.toISOString()));
      tables.goods.set('tea', { sku: 'tea', available: 5, reserved: 0, sold: 6 });
      tables.goods.set('cup', { sku: 'cup', available: 5, reserved: 0, sold: 3 });
    };

    expect(await run()).toMatchObject({ differences: 0, isEnded: true });
    expect(reported).toEqual([]);
  });

  it('are a row that cannot be read, when they are less than none, and all other goods are compared', async () => {
    const { run, reported, tables } = withGoods({ reserved: 2, sold: 3 });
    tables.goods.set('pot', { sku: 'pot', available: -1, reserved: 0, sold: 0 });
    tables.unreadable.add('sku#pot');
    tables.put(reserved(5, 'CONFIRMED', now.toISOString(), [{ sku: 'pot', quantity: 1 }]));

    expect(await run()).toMatchObject({ differences: 2, isEnded: true });
    expect(reported).toMatchObject([
      { kind: 'unreadable', of: 'row', subject: 'sku#pot' },
      { kind: 'goods-differ', subject: 'tea' },
    ]);
  });

  it('are not judged without a reservation that cannot be read: that is the difference, of its order', async () => {
    const { run, reported, tables } = withGoods({ reserved: 2, sold: 4 });
    tables.unreadable.add(numberOf(2));

    expect(await run()).toMatchObject({ differences: 1, isEnded: true });
    expect(reported).toMatchObject([{ kind: 'unreadable', subject: numberOf(2) }]);
  });

  it('differ when they were sold until a moment before they are counted', async () => {
    const { run, reported, tables } = withGoods({ reserved: 2, sold: 3 });
    tables.put(reserved(3, 'CONFIRMED', new Date(later.getTime() - 120_000).toISOString()));

    expect(await run()).toMatchObject({ differences: 1, moving: 0 });
    expect(reported).toMatchObject([{ kind: 'goods-differ', subject: 'tea' }]);
  });

  it('do not differ when each count misses a sale of its own', async () => {
    let time = later;
    const { run, reported, tables } = withGoods({ reserved: 2, sold: 4 }, { now: () => time });
    let walks = 0;
    tables.onPage = (book) => {
      time = new Date(time.getTime() + 600_000);
      if (book !== 'stock' || tables.goods.get('tea')?.reserved === 6) return;
      walks += 1;
      // Its place is before what was read already; the row of its goods is still to be read.
      if (walks === 1) sell('N000', 4);
      if (walks === 3) sell('N', 6);
    };
    function sell(out_trade_no: string, teas: number) {
      const { reservation, ...books } = reserved(1, 'RESERVED', time.toISOString());
      if (reservation) tables.put({ ...books, out_trade_no, reservation: { ...reservation, out_trade_no } });
      tables.goods.set('tea', { sku: 'tea', available: 5, reserved: teas, sold: 4 });
      tables.goods.set('cup', { sku: 'cup', available: 5, reserved: teas / 2, sold: 2 });
    }

    expect(await run()).toMatchObject({ differences: 0, isEnded: true });
    expect(reported).toEqual([]);
    expect(tables.goods.get('tea')?.reserved).toBe(6);
  });

  it('are of no moment while a reservation moves', async () => {
    const { run, tables } = withGoods({ reserved: 9, sold: 4 });
    tables.put(reserved(1, 'RESERVED', later.toISOString()));

    expect(await run()).toMatchObject({ differences: 0, isEnded: true });
  });
});

describe('orders that somebody asks about', () => {
  it('are compared now, and the round stays where it is', async () => {
    const { run, reported, round } = compareOn(someTables(8));

    expect(await run(1, { orders: [numberOf(0), numberOf(1), 'of somebody else'] })).toEqual({
      compared: 2,
      moving: 0,
      differences: 1,
      newDifferences: 1,
      unknown: ['of somebody else'],
    });

    expect(reported).toMatchObject([{ kind: 'ledger-missing', subject: numberOf(0) }]);
    expect(round()).toBeUndefined();
  });

  it.each([[{ orders: [] }], [{ orders: [''] }], [{ orders: 'N1' }], ['N1']])('are refused as %j', async (event) => {
    await expect(compareOn(someTables(1)).run(1, event)).rejects.toThrow('ask for {"orders"');
  });
});
