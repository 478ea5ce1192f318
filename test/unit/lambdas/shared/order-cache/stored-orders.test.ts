import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cachedOrderOf } from '../../../../../lambdas/shared/order-cache/cached-order.ts';
import { createStoredOrders } from '../../../../../lambdas/shared/order-cache/stored-orders.ts';
import { type OrderState, orderVersions } from '../../../../../lambdas/shared/orders/order-event.ts';
import { orderEvent } from '../../../../support/order-events.ts';

/** A table that answers every read with these; remembers what was asked. */
function tableOf(Items: readonly object[], LastEvaluatedKey?: object) {
  const asked: unknown[] = [];
  const client = Object.assign(DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' })), {
    send: async ({ input }: { input: unknown }) => {
      asked.push(input);
      return { Items, LastEvaluatedKey };
    },
  });
  return { orders: createStoredOrders(client, 'Orders'), asked };
}

const states = Object.keys(orderVersions) as OrderState[];

const rowOf = (out_trade_no: string, state: OrderState) => {
  const { transaction_id } = orderEvent(out_trade_no, state);
  return {
    ...{ out_trade_no, state, mchid: '1900000001', appid: 'wx0000000000000001', amount_total: 8800, currency: 'CNY' },
    ...(transaction_id !== undefined && { transaction_id, paid_at: '2026-11-23T10:00:00+08:00' }),
  };
};

describe('a row of the orders table', () => {
  it.each(states)('in state %s is the value that the event of its last change was', async (state) => {
    const { orders } = tableOf([rowOf('T-1', state)]);

    expect((await orders.page(undefined, 5)).rows).toEqual([cachedOrderOf(orderEvent('T-1', state))]);
  });

  it('that is no order is named, and stops no other', async () => {
    const odd = { ...rowOf('odd', 'PAID'), state: 'LOST' };
    const { orders } = tableOf([odd, rowOf('T-1', 'PAID')], { out_trade_no: 'T-1' });

    expect(await orders.page(undefined, 5)).toMatchObject({
      rows: [{ out_trade_no: 'T-1' }],
      unreadable: ['odd'],
      next: 'T-1',
    });
  });

  it('is read as it is now, behind the order that is named', async () => {
    const { orders, asked } = tableOf([]);

    expect(await orders.page('T-1', 5)).toEqual({ rows: [], unreadable: [], next: undefined });
    expect(asked).toEqual([
      { TableName: 'Orders', Limit: 5, ConsistentRead: true, ExclusiveStartKey: { out_trade_no: 'T-1' } },
    ]);
  });
});
