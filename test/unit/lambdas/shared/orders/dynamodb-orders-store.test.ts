import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { createDynamoDbOrdersStore, createOrder } from '../../../../../lambdas/shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../../../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { now, rejectionOf } from '../../builders.ts';
import { event, paidOrder, payingOrder, payment } from './orders.ts';

/** A document client that hands each command's input to the answer. */
const clientThat = (answer: (input: unknown) => unknown) =>
  ({ send: async ({ input }: { input: unknown }) => answer(input) }) as unknown as DynamoDBDocumentClient;

const storeOn = (client: DynamoDBDocumentClient) =>
  createDynamoDbOrdersStore(
    createDynamoDbOutbox(client, {
      table: 'outbox-table',
      now: () => now,
      maxAttempts: 1,
      sleep: async () => {},
      random: () => 0,
    }),
    'orders-table',
  );

const storeThatFailsWith = (error: unknown) =>
  storeOn(
    clientThat(() => {
      throw error;
    }),
  );

const cancelled = (...reasons: CancellationReason[]) =>
  new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: reasons });

describe('marking an order paid', () => {
  it('writes the order, under every condition, and the event in one transaction', async () => {
    const inputs: unknown[] = [];
    const store = storeOn(clientThat((input) => inputs.push(input)));

    expect(await store.markPaid(payment, event)).toEqual({ outcome: 'applied' });

    expect(inputs).toMatchObject([
      {
        TransactItems: [
          {
            Update: {
              TableName: 'orders-table',
              Key: { out_trade_no: 'T-1' },
              ConditionExpression:
                '#state IN (:prior0) AND amount_total = :total AND currency = :currency AND mchid = :mchid AND appid = :appid',
              ExpressionAttributeValues: {
                ':prior0': 'PAYING',
                ':to': 'PAID',
                ':total': 8800,
                ':currency': 'CNY',
                ':mchid': payment.mchid,
                ':appid': payment.appid,
                ':transaction_id': '42',
                ':paid_at': payment.success_time,
                ':event_id': 'event-9',
              },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          {
            Put: {
              TableName: 'outbox-table',
              Item: { aggregate: 'order#T-1', event_id: 'event-9', body: '{"n":1}' },
              ConditionExpression: 'attribute_not_exists(event_id)',
            },
          },
        ],
      },
    ]);
  });

  it.each([paidOrder, payingOrder])('that is not as expected answers the order as it stands: $state', async (order) => {
    const failed = cancelled({ Code: 'ConditionalCheckFailed', Item: marshall(order) }, { Code: 'None' });

    expect(await storeThatFailsWith(failed).markPaid(payment, event)).toEqual({ outcome: 'not-applied', order });
  });

  it('that does not exist answers that there is none', async () => {
    const failed = cancelled({ Code: 'ConditionalCheckFailed' }, { Code: 'None' });

    expect(await storeThatFailsWith(failed).markPaid(payment, event)).toEqual({
      outcome: 'not-applied',
      order: undefined,
    });
  });

  it.each([
    ['a conflict with another transaction', [{ Code: 'TransactionConflict' }, { Code: 'None' }]],
    ['a throttle', [{ Code: 'None' }, { Code: 'ThrottlingError' }]],
    ['no reason at all', []],
  ])('is to be retried after %s', async (_, reasons) => {
    const cause = cancelled(...reasons);

    const error = await rejectionOf(storeThatFailsWith(cause).markPaid(payment, event));

    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ cause });
  });

  it('passes every other error on as it is', async () => {
    const thrown = Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });

    expect(await rejectionOf(storeThatFailsWith(thrown).markPaid(payment, event))).toBe(thrown);
  });

  it('is an error when the row is no order', async () => {
    const failed = cancelled({
      Code: 'ConditionalCheckFailed',
      Item: marshall({ out_trade_no: 'T-1', state: 'LOST' }),
    });

    expect(await rejectionOf(storeThatFailsWith(failed).markPaid(payment, event))).toBeInstanceOf(Error);
  });
});

describe('a new order', () => {
  it('never replaces one of its number', async () => {
    const inputs: unknown[] = [];

    await createOrder(
      clientThat((input) => inputs.push(input)),
      'orders-table',
      { ...payingOrder, state: 'PAYING', transaction_id: undefined },
    );

    expect(inputs).toMatchObject([
      { TableName: 'orders-table', ConditionExpression: 'attribute_not_exists(out_trade_no)' },
    ]);
  });
});
