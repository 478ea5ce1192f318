import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { OwnWrite } from '../aws/transaction.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Goods, goodsSchema, type Place, placeOf, type Reservation, reservationSchema } from './reservation.ts';
import type { StockStore } from './stock-store.ts';

/** A key is of an order or of a kind of goods: both are items of one table, `id` is its only key. */
export const reservationId = (out_trade_no: string): string => `order#${out_trade_no}`;
export const goodsId = (sku: string): string => `sku#${sku}`;

/** What lies somewhere can be taken away from there: else an order was moved by something else than this. */
export class StockMismatchError extends Error {
  override readonly name = 'StockMismatchError';

  constructor({ out_trade_no }: Pick<Reservation, 'out_trade_no'>, place: Place) {
    super(`the goods of order ${out_trade_no} should be ${place}, and fewer are: compare the table's counts by hand`);
  }
}

/** One transaction: the reservation, one update for each kind of goods, and the messages. */
export function createDynamoDbStockStore(
  client: DynamoDBDocumentClient,
  outbox: Outbox,
  TableName: string,
): StockStore {
  const get = async (id: string): Promise<Record<string, unknown> | undefined> => {
    const { Item } = await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
    return Item;
  };
  return {
    async find(out_trade_no) {
      const item = await get(reservationId(out_trade_no));
      return item && reservationSchema.parse(item);
    },
    async goods(sku): Promise<Goods> {
      return goodsSchema.parse({ sku, available: 0, reserved: 0, sold: 0, ...(await get(goodsId(sku))) });
    },
    async move(from, to, messages, deadline) {
      const [source, target] = [placeOf(from?.state), placeOf(to.state)];
      const goods =
        source === target ? [] : to.items.map((item) => goodsUpdate(TableName, item, { from: source, to: target }));
      const result = await outbox.write(messages, [reservationPut(TableName, from, to), ...goods], deadline);
      if (result.outcome === 'written') return 'moved';
      if (result.reasons[0]?.Code === 'ConditionalCheckFailed') return 'changed';
      if (source === 'available') return 'short';
      throw new StockMismatchError(to, source);
    },
  };
}

function reservationPut(TableName: string, from: Reservation | undefined, to: Reservation): OwnWrite {
  const known = Object.entries(to).filter(([, value]) => value !== undefined);
  const Item = { ...Object.fromEntries(known), id: reservationId(to.out_trade_no) };
  if (!from) return { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(id)' } };
  return {
    Put: {
      TableName,
      Item,
      ConditionExpression: '#state = :from',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':from': from.state },
    },
  };
}

/** Goods that nobody has heard of have no count, so that the condition does not hold. */
function goodsUpdate(
  TableName: string,
  { sku, quantity }: Reservation['items'][number],
  move: { readonly from: Place; readonly to: Place },
): OwnWrite {
  return {
    Update: {
      TableName,
      Key: { id: goodsId(sku) },
      UpdateExpression: 'ADD #from :out, #to :in',
      ConditionExpression: '#from >= :in',
      ExpressionAttributeNames: { '#from': move.from, '#to': move.to },
      ExpressionAttributeValues: { ':in': quantity, ':out': -quantity },
    },
  };
}
