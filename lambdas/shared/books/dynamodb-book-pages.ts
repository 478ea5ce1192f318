import { type DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { batchGet } from '../aws/batch-get.ts';
import { goodsId, reservationId } from '../stock/dynamodb-stock-store.ts';
import { type Goods, goodsSchema, type Reservation, reservationSchema } from '../stock/reservation.ts';
import type { BookPages, PagedBook } from './book-pages.ts';

export interface BookPagesDeps {
  readonly tables: Readonly<Record<PagedBook, string>>;
  readonly maxAttempts: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** The one key of each table. */
const keys: Readonly<Record<PagedBook, string>> = { orders: 'out_trade_no', ledger: 'out_trade_no', stock: 'id' };

const noGoods = { available: 0, reserved: 0, sold: 0 };
const noStock = { reservations: [], goods: [], unreadable: [], lacksReservations: false };

export function createDynamoDbBookPages(
  client: DynamoDBDocumentClient,
  { tables, ...patience }: BookPagesDeps,
): BookPages {
  return {
    async page(book, after, limit) {
      const key = keys[book];
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: tables[book],
          Limit: limit,
          ConsistentRead: true,
          ...(after !== undefined && { ExclusiveStartKey: { [key]: after } }),
        }),
      );
      const next = z.string().optional().parse(LastEvaluatedKey?.[key]);
      const ids = Items.map((item) => String(item[key]));
      return { ...(book === 'stock' ? stockOf(Items) : { ...noStock, numbers: ids }), next };
    },
    async known(numbers) {
      const wanted = numbers.map((out_trade_no) => ({ out_trade_no }));
      const items = await batchGet(client, wanted, { table: tables.orders, ...patience });
      return new Set(items.map(({ out_trade_no }) => String(out_trade_no)));
    },
    async goods(sku) {
      const get = new GetCommand({ TableName: tables.stock, Key: { id: goodsId(sku) }, ConsistentRead: true });
      const { Item } = await client.send(get);
      return goodsSchema.safeParse({ sku, ...noGoods, ...Item }).data;
    },
  };
}

function stockOf(items: readonly Record<string, unknown>[]) {
  const [ofOrder, ofGoods] = [reservationId(''), goodsId('')];
  const numbers: string[] = [];
  const reservations: Reservation[] = [];
  const goods: Goods[] = [];
  const unreadable: string[] = [];
  for (const item of items) {
    const id = String(item['id']);
    if (id.startsWith(ofOrder) && id !== ofOrder) {
      numbers.push(id.slice(ofOrder.length));
      const { success, data } = reservationSchema.safeParse(item);
      if (success) reservations.push(data);
      continue;
    }
    const sku = id.slice(ofGoods.length);
    const { success, data } = goodsSchema.safeParse({ sku, ...noGoods, ...item });
    if (success && id.startsWith(ofGoods)) goods.push(data);
    else unreadable.push(id);
  }
  return { numbers, reservations, goods, unreadable, lacksReservations: reservations.length < numbers.length };
}
