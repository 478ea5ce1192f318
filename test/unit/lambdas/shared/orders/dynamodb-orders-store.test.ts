import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { createDynamoDbOrdersStore } from '../../../../../lambdas/shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../../../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { message, now, rejectionOf } from '../../builders.ts';
import { orderIn, payingOrder } from './orders.ts';

/** A document client that hands each command's input to the answer. */
const clientThat = (answer: (input: unknown) => unknown) =>
  ({ send: async ({ input }: { input: unknown }) => answer(input) }) as unknown as DynamoDBDocumentClient;

const storeOn = (client: DynamoDBDocumentClient) =>
  createDynamoDbOrdersStore(
    client,
    createDynamoDbOutbox(client, {
      table: 'outbox-table',
      now: () => now,
      maxAttempts: 1,
      sleep: async () => {},
      random: () => 0,
    }),
    { table: 'orders-table', now: () => now },
  );

const event = {
  aggregate: 'order#T-1',
  message: message({ exchange: 'orders', routingKeys: ['order.paid'], properties: { message_id: 'event-9' } }),
};

const storeThatFailsWith = (error: unknown) =>
  storeOn(
    clientThat(() => {
      throw error;
    }),
  );

const cancelled = (...reasons: CancellationReason[]) =>
  new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: reasons });

const { PAYING, PAID, CLOSED } = orderIn;

describe('moving an order', () => {
  it('writes what changes, if all else is as it was read, and the event in one transaction', async () => {
    const inputs: unknown[] = [];
    const store = storeOn(clientThat((input) => inputs.push(input)));

    expect(await store.move(PAYING, PAID, event)).toEqual({ outcome: 'moved' });

    expect(inputs).toMatchObject([
      {
        TransactItems: [
          {
            Update: {
              TableName: 'orders-table',
              Key: { out_trade_no: 'T-1' },
              UpdateExpression:
                'SET #transaction_id = :to_transaction_id, #paid_at = :to_paid_at, #state = :to_state, #agenda = :to_agenda, #agenda_at = :to_agenda_at',
              ConditionExpression:
                '#mchid = :from_mchid AND #appid = :from_appid AND #amount_total = :from_amount_total AND #currency = :from_currency AND #state = :from_state',
              ExpressionAttributeValues: {
                ':from_mchid': '1900000001',
                ':from_appid': 'wx0000000000000001',
                ':from_amount_total': 8800,
                ':from_currency': 'CNY',
                ':from_state': 'PAYING',
                ':to_state': 'PAID',
                ':to_transaction_id': '42',
                ':to_paid_at': '2026-11-23T10:00:00+08:00',
                ':to_agenda': expect.stringMatching(/^paid#2026-11-23#[0-7]$/),
                ':to_agenda_at': '2026-11-23T02:00:00.000Z',
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

  it('that is closed takes it from what waits for a payment', async () => {
    const inputs: unknown[] = [];

    await storeOn(clientThat((input) => inputs.push(input))).move(PAYING, CLOSED, event);

    expect(inputs).toMatchObject([
      { TransactItems: [{ Update: { UpdateExpression: expect.stringMatching(/ REMOVE #agenda, #agenda_at$/) } }, {}] },
    ]);
  });

  it('asks nothing of its items, of which more may be stored than is read, and does not write them again', async () => {
    const inputs: unknown[] = [];
    const read = { ...PAYING, items: [{ sku: 'TEA-1', quantity: 2, price: 500 }] };
    const store = storeOn(clientThat((input) => (inputs.push(input) === 1 ? { Item: read } : {})));
    const from = await store.find('T-1');
    const items = [{ sku: 'TEA-1', quantity: 2 }];

    expect(from).toEqual({ ...PAYING, items });
    await store.move({ ...PAYING, items }, { ...PAID, items: [{ sku: 'CUP-1', quantity: 1 }] }, event);

    expect(JSON.stringify(inputs[1])).not.toContain('items');
  });

  it.each(Object.values(orderIn))('that is not what was read answers it as it stands: $state', async (order) => {
    const failed = cancelled({ Code: 'ConditionalCheckFailed', Item: marshall(order) }, { Code: 'None' });

    expect(await storeThatFailsWith(failed).move(PAYING, CLOSED, event)).toEqual({ outcome: 'not-moved', order });
  });

  it('that does not exist any more answers that there is none', async () => {
    const failed = cancelled({ Code: 'ConditionalCheckFailed' }, { Code: 'None' });

    expect(await storeThatFailsWith(failed).move(PAYING, CLOSED, event)).toEqual({
      outcome: 'not-moved',
      order: undefined,
    });
  });

  it.each([
    ['a conflict with another transaction', [{ Code: 'TransactionConflict' }, { Code: 'None' }]],
    ['a throttle', [{ Code: 'None' }, { Code: 'ThrottlingError' }]],
    ['no reason at all', []],
  ])('is to be retried after %s', async (_, reasons) => {
    const cause = cancelled(...reasons);

    const error = await rejectionOf(storeThatFailsWith(cause).move(PAYING, PAID, event));

    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ cause });
  });

  it('passes every other error on as it is', async () => {
    const thrown = Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });

    expect(await rejectionOf(storeThatFailsWith(thrown).move(PAYING, PAID, event))).toBe(thrown);
  });

  it('is an error when the row is no order', async () => {
    const failed = cancelled({
      Code: 'ConditionalCheckFailed',
      Item: marshall({ out_trade_no: 'T-1', state: 'LOST' }),
    });

    expect(await rejectionOf(storeThatFailsWith(failed).move(PAYING, PAID, event))).toBeInstanceOf(Error);
  });
});

describe('finding an order', () => {
  it('asks for it as it is now', async () => {
    const inputs: unknown[] = [];
    const client = clientThat((input) => {
      inputs.push(input);
      return { Item: { ...PAID, note: 'somebody else’s' } };
    });

    expect(await storeOn(client).find('T-1')).toEqual(PAID);
    expect(inputs).toEqual([{ TableName: 'orders-table', Key: { out_trade_no: 'T-1' }, ConsistentRead: true }]);
  });

  it('answers that there is none', async () => {
    expect(await storeOn(clientThat(() => ({}))).find('T-1')).toBeUndefined();
  });

  it.each([
    ['a waiting order with a payment', { ...PAYING, transaction_id: '42' }],
    ['a paid order without one', { ...PAYING, state: 'PAID' }],
    ['a closed order that does not say when', { ...PAYING, state: 'CLOSED' }],
  ])('refuses what cannot be: %s', async (_, Item) => {
    expect(await rejectionOf(storeOn(clientThat(() => ({ Item }))).find('T-1'))).toBeInstanceOf(Error);
  });
});

describe('a new order', () => {
  it('is put with its event, on condition that its number is free', async () => {
    const inputs: unknown[] = [];
    const store = storeOn(clientThat((input) => inputs.push(input)));

    expect(await store.create(payingOrder, event)).toBe('created');

    const ConditionExpression = 'attribute_not_exists(out_trade_no)';
    expect(inputs).toMatchObject([
      {
        TransactItems: [
          {
            Put: {
              TableName: 'orders-table',
              Item: {
                ...payingOrder,
                created_at: now.toISOString(),
                agenda: expect.stringMatching(/^unpaid#[0-7]$/),
                agenda_at: now.toISOString(),
              },
              ConditionExpression,
            },
          },
          { Put: { TableName: 'outbox-table', Item: { event_id: 'event-9' } } },
        ],
      },
    ]);
  });

  it('is not written when its number is taken', async () => {
    const failed = cancelled({ Code: 'ConditionalCheckFailed' }, { Code: 'None' });

    expect(await storeThatFailsWith(failed).create(payingOrder, event)).toBe('taken');
  });
});
