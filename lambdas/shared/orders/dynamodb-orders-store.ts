import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import type { Outbox } from '../outbox/outbox.ts';
import type { PaymentSuccess } from '../wechat-pay/payment-success.ts';
import { type Order, transitions } from './order.ts';
import type { OrdersStore } from './orders-store.ts';

const terms = {
  out_trade_no: z.string(),
  mchid: z.string(),
  appid: z.string(),
  amount_total: z.int(),
  currency: z.string(),
};

const orderSchema = z.discriminatedUnion('state', [
  z.object({ ...terms, state: z.literal('PAYING') }),
  z.object({ ...terms, state: z.literal('PAID'), transaction_id: z.string(), paid_at: z.string() }),
]);

/** A new order waits for its payment. Throws when the number is taken. */
export async function createOrder(
  client: DynamoDBDocumentClient,
  table: string,
  order: Order & { readonly state: 'PAYING' },
): Promise<void> {
  await client.send(
    new PutCommand({ TableName: table, Item: order, ConditionExpression: 'attribute_not_exists(out_trade_no)' }),
  );
}

/** The order's own condition decides: it is the only one that the outbox answers rather than throws. */
export function createDynamoDbOrdersStore(outbox: Outbox, table: string): OrdersStore {
  return {
    async markPaid(payment, event) {
      const eventId = event.message.properties.message_id;
      const result = await outbox.write([event], [markPaidUpdate(table, payment, eventId)]);
      if (result.outcome === 'written') return { outcome: 'applied' };
      const [{ Item: item } = {}] = result.reasons;
      return { outcome: 'not-applied', order: item ? orderSchema.parse(unmarshall(item)) : undefined };
    },
  };
}

/** One conditional write: state, amount, currency, mchid and appid must be as we know them. This is what makes the effect one. */
function markPaidUpdate(table: string, payment: PaymentSuccess, eventId: string) {
  const { from, to } = transitions['payment.success'];
  const priorStates = Object.fromEntries(from.map((state, at) => [`:prior${at}`, state]));
  return {
    Update: {
      TableName: table,
      Key: { out_trade_no: payment.out_trade_no },
      UpdateExpression:
        'SET #state = :to, transaction_id = :transaction_id, paid_at = :paid_at, paid_event_id = :event_id',
      ConditionExpression: [
        `#state IN (${Object.keys(priorStates).join(', ')})`,
        'amount_total = :total',
        'currency = :currency',
        'mchid = :mchid',
        'appid = :appid',
      ].join(' AND '),
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...priorStates,
        ':to': to,
        ':transaction_id': payment.transaction_id,
        ':paid_at': payment.success_time,
        ':event_id': eventId,
        ':total': payment.amount.total,
        ':currency': payment.amount.currency,
        ':mchid': payment.mchid,
        ':appid': payment.appid,
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const,
  };
}
