import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AgendaEntry } from '../agenda/agenda.ts';
import type { OwnWrite } from '../aws/transaction.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Order, orderSchema } from './order.ts';
import { agendaOf } from './order-agenda.ts';
import type { OrdersStore } from './orders-store.ts';

/** The order's own condition decides: it is the only one that the outbox answers rather than throws. */
export function createDynamoDbOrdersStore(
  client: DynamoDBDocumentClient,
  outbox: Outbox,
  { table: TableName, now }: { readonly table: string; readonly now: () => Date },
): OrdersStore {
  return {
    ...createDynamoDbOrderReader(client, TableName),
    async create(order, event) {
      const ConditionExpression = 'attribute_not_exists(out_trade_no)';
      const at = now();
      const Item = { ...order, created_at: at.toISOString(), ...agendaOf(order, at) };
      const { outcome } = await outbox.write([event], [{ Put: { TableName, Item, ConditionExpression } }]);
      return outcome === 'written' ? 'created' : 'taken';
    },
    async move(from, to, event) {
      const result = await outbox.write([event], [updateOf(TableName, from, to, agendaOf(to, now()))]);
      if (result.outcome === 'written') return { outcome: 'moved' };
      const [{ Item: item } = {}] = result.reasons;
      return { outcome: 'not-moved', order: item ? orderSchema.parse(unmarshall(item)) : undefined };
    },
  };
}

/** For who only looks at orders. */
export function createDynamoDbOrderReader(
  client: DynamoDBDocumentClient,
  TableName: string,
): Pick<OrdersStore, 'find'> {
  return {
    async find(out_trade_no) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { out_trade_no }, ConsistentRead: true }));
      return Item && orderSchema.parse(Item);
    },
  };
}

/** One conditional write: the order must still be what was judged. This is what makes the effect one. */
function updateOf(TableName: string, from: Order, to: Order, agenda: AgendaEntry | undefined): OwnWrite {
  // Never written again, and not compared: whatever else is stored with an item is left out of what is read.
  const { out_trade_no, items: _, ...was } = from;
  const known = Object.entries(was).filter(([, value]) => value !== undefined);
  const before = new Map<string, unknown>(Object.entries(from));
  const { items: _same, ...next } = to;
  const changed = Object.entries({ ...next, ...agenda }).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(value, before.get(name)),
  );
  const removed = agenda ? [] : ['agenda', 'agenda_at'];
  const remove = agenda ? '' : ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}`;
  return {
    Update: {
      TableName,
      Key: { out_trade_no },
      UpdateExpression: `SET ${changed.map(([name]) => `#${name} = :to_${name}`).join(', ')}${remove}`,
      ConditionExpression: known.map(([name]) => `#${name} = :from_${name}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(
        [...[...known, ...changed].map(([name]) => name), ...removed].map((name) => [`#${name}`, name]),
      ),
      ExpressionAttributeValues: Object.fromEntries([
        ...known.map(([name, value]) => [`:from_${name}`, value]),
        ...changed.map(([name, value]) => [`:to_${name}`, value]),
      ]),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}
