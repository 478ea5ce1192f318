import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { RetryableError } from '../consumer/errors.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { PaymentSuccess } from '../wechat-pay/payment-success.ts';
import { type Order, transitions } from './order.ts';
import type { MarkPaidResult, OrdersStore } from './orders-store.ts';

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

export interface OrdersTables {
  readonly orders: string;
  readonly outbox: string;
}

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

export function createDynamoDbOrdersStore(client: DynamoDBDocumentClient, tables: OrdersTables): OrdersStore {
  return {
    async markPaid(payment, event) {
      try {
        await client.send(
          new TransactWriteCommand({
            TransactItems: [markPaidUpdate(tables.orders, payment, event), putOutboxRow(tables.outbox, event)],
          }),
        );
        return { outcome: 'applied' };
      } catch (error) {
        return notApplied(error);
      }
    },
  };
}

/** One conditional write: state, amount, currency, mchid and appid must be as we know them. This is what makes the effect one. */
function markPaidUpdate(table: string, payment: PaymentSuccess, event: OutboxRow) {
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
        ':event_id': event.event_id,
        ':total': payment.amount.total,
        ':currency': payment.amount.currency,
        ':mchid': payment.mchid,
        ':appid': payment.appid,
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const,
  };
}

function putOutboxRow(table: string, event: OutboxRow) {
  return {
    Put: { TableName: table, Item: event, ConditionExpression: 'attribute_not_exists(event_id)' },
  } as const;
}

/** Only the order's own condition is an answer. A conflict or a throttle passes; anything else is not ours to explain. */
function notApplied(error: unknown): MarkPaidResult {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const [orderReason] = error.CancellationReasons ?? [];
  if (orderReason?.Code === 'ConditionalCheckFailed') {
    const item = orderReason.Item;
    return { outcome: 'not-applied', order: item ? orderSchema.parse(unmarshall(item)) : undefined };
  }
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None').join(', ');
  throw new RetryableError(`the transaction was cancelled: ${codes}`, { cause: error });
}
