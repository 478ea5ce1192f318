import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { decodeMessage, envelopeAttribute } from '../broker/envelope.ts';
import { orderSchema } from '../orders/order.ts';
import { orderEventSchema } from '../orders/order-event.ts';
import { type RefundsOfPayment, refundsOfItems } from '../refunds/refund-items.ts';
import type { RefundRow } from '../refunds/refund-row.ts';
import { reservationId } from '../stock/dynamodb-stock-store.ts';
import { reservationSchema } from '../stock/reservation.ts';
import { type Books, type ToldRow, UnreadableRowError } from './books.ts';

export interface BookTables {
  readonly orders: string;
  readonly ledger: string;
  readonly refunds: string;
  readonly outbox: string;
  readonly stock: string;
}

type Item = Record<string, unknown>;

const storedOrderSchema = orderSchema.and(z.object({ created_at: z.string().optional() }));
const entrySchema = orderEventSchema.extend({ recorded_at: z.string().optional() });
const toldSchema = z.object({
  event_id: z.string(),
  created_at: z.string(),
  relayed_at: z.string().optional(),
  exception_at: z.string().optional(),
  body: z.string(),
  [envelopeAttribute]: z.string(),
});

/** Every read is a consistent one: what is compared may have changed since, but was never older than the read. */
export function createDynamoDbBooks(client: DynamoDBDocumentClient, tables: BookTables): Books {
  async function get(TableName: string, Key: Item): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  }

  async function partition(TableName: string, name: string, value: string): Promise<Item[]> {
    const found: Item[] = [];
    const query = {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': name },
      ExpressionAttributeValues: { ':key': value },
    };
    for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items);
    return found;
  }

  async function refundsOf(transaction_id: string | undefined): Promise<RefundsOfPayment> {
    if (transaction_id === undefined) return { refunds: [], sums: undefined };
    const items = await partition(tables.refunds, 'transaction_id', transaction_id);
    return readable('Refunds', transaction_id, () => refundsOfItems(items));
  }

  return {
    async of(out_trade_no) {
      const [orderItem, entryItem, reservationItem] = await Promise.all([
        get(tables.orders, { out_trade_no }),
        get(tables.ledger, { out_trade_no }),
        get(tables.stock, { id: reservationId(out_trade_no) }),
      ]);
      const order = orderItem && readable('Orders', out_trade_no, () => storedOrderSchema.parse(orderItem));
      const entry = entryItem && readable('Ledger', out_trade_no, () => entrySchema.parse(entryItem));
      const reservation =
        reservationItem && readable('Stock', out_trade_no, () => reservationSchema.parse(reservationItem));
      return { out_trade_no, order, entry, reservation, ...(await refundsOf(order?.transaction_id)) };
    },
    async toldOf(out_trade_no, refunds) {
      const aggregates = aggregatesOf(out_trade_no, refunds);
      const items = await Promise.all(aggregates.map((one) => partition(tables.outbox, 'aggregate', one)));
      const told = items.flat().map((item) => readable('Outbox', out_trade_no, () => toldRow(item)));
      return told.sort((one, other) => (one.created_at < other.created_at ? -1 : 1));
    },
  };
}

/** Under which whoever changes an order, its goods, its refunds and its fulfilment tells of that. */
function aggregatesOf(out_trade_no: string, refunds: readonly RefundRow[]): string[] {
  const own = [`order#${out_trade_no}`, `stock#${out_trade_no}`, `fulfilment:${out_trade_no}`];
  return [...own, ...refunds.map(({ out_refund_no }) => `refund#${out_refund_no}`)];
}

/** What was told, and when. Its body stays where it is: the books say the same. */
function toldRow(item: Item): ToldRow {
  const {
    event_id,
    created_at,
    relayed_at,
    exception_at,
    body,
    [envelopeAttribute]: envelope,
  } = toldSchema.parse(item);
  const { routingKeys } = decodeMessage(body, envelope, event_id);
  return { event_id, told: routingKeys.join(', '), created_at, relayed_at, exception_at };
}

/** Throws an `UnreadableRowError` that names fields, and no values. */
function readable<T>(book: string, key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const problem =
      error instanceof z.ZodError
        ? [...new Set(error.issues.map(({ path }) => path.join('.') || 'state'))].join(', ')
        : 'its message';
    throw new UnreadableRowError(book, key, problem, { cause: error });
  }
}
