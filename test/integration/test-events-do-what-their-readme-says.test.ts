import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { configuredOrderCache } from '../../lambdas/shared/order-cache/configured-order-cache.ts';
import { rebuildAnswerSchema } from '../../lambdas/shared/order-cache/rebuild-contract.ts';
import { takenSchema } from '../../lambdas/shared/order-numbers/contract.ts';
import type { PublishAnswer } from '../../lambdas/shared/publishing/contract.ts';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { merchantClient } from '../../local/merchant/merchant-client.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { notificationClient } from '../../local/merchant/notification-client.ts';
import { notificationEvent } from '../../local/wechat-pay-simulator/notification-event.ts';
import { invoke } from '../support/invoke.ts';
import { eventIdsWith, settledRow } from '../support/outbox-table.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { givenOrder, startSimulator, testDeployment } from '../support/test-deployment.ts';
import { testValkeyUrl } from '../support/test-valkey.ts';

const deployment = testDeployment();
const { lambda, outputs, documents } = deployment;
const out_trade_no = 'WARREN-EVENT-0001';

function testEvent(name: string) {
  return JSON.parse(readFileSync(new URL(`../../events/${name}`, import.meta.url), 'utf8'));
}

/** As on a first day: no order, no memory of its payment or its refund. */
async function givenTheOrderOfTheEvents(): Promise<void> {
  await documents.send(
    new PutCommand({ TableName: outputs.OrdersTable, Item: unmarshall(testEvent('orders/order-item.json')) }),
  );
  for (const { event_id } of (await observeOrder(deployment, out_trade_no)).outbox) {
    const Key = { aggregate: `order#${out_trade_no}`, event_id };
    await documents.send(new DeleteCommand({ TableName: outputs.OutboxTable, Key }));
  }
  // A payment that is known to be sent back does not pay an order.
  const { Items: refunds = [] } = await documents.send(new ScanCommand({ TableName: outputs.RefundsTable }));
  const { transaction_id } = JSON.parse(testEvent('orders/payment.json').Records[0].body);
  for (const { out_refund_no } of refunds.filter((one) => one['transaction_id'] === transaction_id)) {
    await documents.send(
      new DeleteCommand({ TableName: outputs.RefundsTable, Key: { transaction_id, out_refund_no } }),
    );
  }
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: outputs.IdempotencyTable }));
  for (const { id } of Items) {
    await documents.send(new DeleteCommand({ TableName: outputs.IdempotencyTable, Key: { id } }));
  }
}

/** Every record of the event is done. */
async function acked(functionName: string, name: string): Promise<void> {
  const { answer } = await invoke(lambda, functionName, testEvent(name));
  expect(answer).toEqual({ batchItemFailures: [] });
}

/** The event's message is dead-lettered, and the order stays as it was put. */
async function isRejected(functionName: string, name: string): Promise<void> {
  await givenTheOrderOfTheEvents();
  const body: string = testEvent(name).Records[0].body;
  const deadLetters = deployment.queueUrl('dead-letters');
  const before = await messagesWith(deployment, deadLetters, body);

  await acked(functionName, name);

  expect(await messagesWith(deployment, deadLetters, body)).toHaveLength(before.length + 1);
  expect((await observeOrder(deployment, out_trade_no)).outbox).toEqual([]);
}

describe('the test events of publish', () => {
  it('confirm a message to two queues', async () => {
    const { answer } = await invoke(lambda, outputs.PublishFunction, testEvent('publish/confirm-to-two-queues.json'));

    expect(answer).toMatchObject({
      ok: true,
      events: [{ method: 'basic.ack', delivery_tag: 1, multiple: false }],
      messages: [
        {
          confirm: 'ack',
          queues: [
            { queue: 'analytics.orders', outcome: 'stored' },
            { queue: 'archive.orders', outcome: 'stored' },
          ],
        },
      ],
    } satisfies Partial<Record<keyof Extract<PublishAnswer, { ok: true }>, unknown>>);
  });

  it('return an unroutable message before they ack it (rules 4.5.16, 4.5.17)', async () => {
    const { answer } = await invoke(lambda, outputs.PublishFunction, testEvent('publish/unroutable.json'));

    expect(answer).toMatchObject({
      ok: true,
      events: [{ method: 'basic.return', reply_code: 312 }, { method: 'basic.ack' }],
      messages: [{ queues: [] }],
    });
  });
});

describe('the test event of publish in outbox mode', () => {
  const aggregate = 'order#WARREN-EVENT-0001';
  const events = testEvent('publish/outbox.json').messages.map(
    ({ properties }: { properties: { message_id: string } }) => ({ aggregate, event_id: properties.message_id }),
  );

  it('writes two rows once, which are delivered', async () => {
    for (const Key of events) await documents.send(new DeleteCommand({ TableName: outputs.OutboxTable, Key }));

    for (const row of ['written', 'written-before']) {
      const { answer } = await invoke(lambda, outputs.PublishFunction, testEvent('publish/outbox.json'));
      expect(answer).toMatchObject({
        ok: true,
        events: [{ method: 'tx.commit-ok' }],
        messages: Array(2).fill({ confirm: 'ack', queues: [], row }),
      });
    }

    for (const key of events) expect(await settledRow(deployment, key)).toHaveProperty('relayed_at');
  });
});

describe('the test event of dead-letters', () => {
  it('dead-letters the message as one that is over its limit', async () => {
    const { answer } = await invoke(lambda, outputs.DeadLettersFunction, testEvent('dead-letters/crashed.json'));

    expect(answer).toEqual({ batchItemFailures: [] });
    const [letter] = await messagesWith(deployment, deployment.queueUrl('dead-letters'), 'WARREN-EVENT-0009', 5_000);
    expect(letter?.MessageAttributes?.['amqp']?.StringValue).toContain('"reason":"delivery_limit"');
  });
});

describe('the test events of ledger', () => {
  it('write the entry once, and what comes too late changes nothing', async () => {
    await documents.send(new DeleteCommand({ TableName: outputs.LedgerTable, Key: { out_trade_no } }));

    for (const event of ['ledger/paid.json', 'ledger/created-too-late.json']) {
      const { answer } = await invoke(lambda, outputs.LedgerFunction, testEvent(event));
      expect(answer).toEqual({ batchItemFailures: [] });
    }

    const { Item } = await documents.send(
      new GetCommand({ TableName: outputs.LedgerTable, Key: { out_trade_no }, ConsistentRead: true }),
    );
    expect(Item).toMatchObject({ state: 'PAID', version: 2 });
  });
});

describe('the test events of ledger-balance', () => {
  it('count the entry once, and recount the ledger', async () => {
    const { LedgerBalanceFunction } = outputs;
    for (const event of ['ledger-balance/paid.json', 'ledger-balance/paid.json']) {
      expect(await invoke(lambda, LedgerBalanceFunction, testEvent(event))).toEqual({ answer: null, failed: false });
    }

    const { Item } = await documents.send(
      new GetCommand({ TableName: outputs.BalanceEntriesTable, Key: { out_trade_no: 'WARREN-EVENT-0011' } }),
    );
    expect(Item).toMatchObject({ version: 2, currency: 'XTS', received: 8800 });
    const { answer } = await invoke(lambda, LedgerBalanceFunction, testEvent('ledger-balance/recount.json'));
    expect(answer).toMatchObject({ read: expect.any(Number), unreadable: [] });
  });
});

describe('the test events of orders', () => {
  it('pay the order once, and again without an effect', async () => {
    await givenTheOrderOfTheEvents();

    await acked(outputs.OrdersFunction, 'orders/payment.json');
    await acked(outputs.OrdersFunction, 'orders/duplicate.json');

    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen.state).toBe('PAID');
    expect(eventsOf(seen)).toEqual(['order.paid']);
  });

  it('refund an order that was paid after it was closed, and no order before', async () => {
    await givenTheOrderOfTheEvents();
    const refund = testEvent('orders/refund.json');
    const early = await invoke(lambda, outputs.OrdersFunction, refund);
    expect(early.answer).toEqual({ batchItemFailures: [{ itemIdentifier: refund.Records[0].messageId }] });

    await acked(outputs.OrderTimeoutsFunction, 'order-timeouts/overdue.json');
    await acked(outputs.OrdersFunction, 'orders/payment.json');
    await acked(outputs.OrdersFunction, 'orders/refund.json');

    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen.state).toBe('REFUNDED');
    expect(eventsOf(seen)).toEqual(['order.closed', 'order.refunding', 'order.refunded']);
  });

  it.each(['orders/wrong-amount.json', 'orders/malformed.json'])('reject %s to the dead-letter exchange', (name) =>
    isRejected(outputs.OrdersFunction, name),
  );
});

describe('the test events of order-timeouts', () => {
  it('close the order once, and again without an effect', async () => {
    await givenTheOrderOfTheEvents();

    await acked(outputs.OrderTimeoutsFunction, 'order-timeouts/overdue.json');
    await acked(outputs.OrderTimeoutsFunction, 'order-timeouts/overdue.json');

    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen.state).toBe('CLOSED');
    expect(eventsOf(seen)).toEqual(['order.closed']);
  });

  it('leave a paid order as it is', async () => {
    await givenTheOrderOfTheEvents();
    await acked(outputs.OrdersFunction, 'orders/payment.json');

    await acked(outputs.OrderTimeoutsFunction, 'order-timeouts/overdue.json');

    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen.state).toBe('PAID');
    expect(eventsOf(seen)).toEqual(['order.paid']);
  });

  it('reject what is no order.created to the dead-letter exchange', () =>
    isRejected(outputs.OrderTimeoutsFunction, 'order-timeouts/not-created.json'));
});

describe('the test events of order numbers', () => {
  it('give out three, each to nobody else, and tell what one is', async () => {
    const take = async () => {
      const { answer } = await invoke(lambda, outputs.OrderNumbersFunction, testEvent('order-numbers/take-three.json'));
      return takenSchema.parse(answer).order_numbers;
    };

    const numbers = [...(await take()), ...(await take())];

    expect(new Set(numbers).size).toBe(6);
    const decoded = await invoke(lambda, outputs.OrderNumbersFunction, { decode: numbers[0] });
    expect(decoded).toMatchObject({ answer: { outcome: 'decoded', is_given_out: true }, failed: false });
  });

  it('refuse one that is mistyped', async () => {
    const mistyped = testEvent('order-numbers/decode-mistyped.json');

    expect(await invoke(lambda, outputs.OrderNumbersFunction, mistyped)).toMatchObject({
      answer: { outcome: 'refused' },
      failed: false,
    });
  });
});

describe('the test events of stock and order-saga', () => {
  it.each([
    ['stock', outputs.StockFunction, 'stock/unknown-order.json'],
    ['order-saga', outputs.OrderSagaFunction, 'order-saga/unknown-refusal.json'],
  ])('reject what is of no order to the dead-letter exchange: %s', (_, functionName, name) =>
    isRejected(functionName, name),
  );
});

describe('the test events of refunds and reconcile', () => {
  it('reject a refund that is in no table to the dead-letter exchange', () =>
    isRejected(outputs.RefundsFunction, 'refunds/unknown.json'));

  it('show what is open, and how an order stands', async () => {
    await givenTheOrderOfTheEvents();

    const list = await invoke(lambda, outputs.RefundDeskFunction, testEvent('refund-desk/list.json'));
    expect(list).toEqual({ answer: { refunds: expect.any(Array), isAll: expect.any(Boolean) }, failed: false });
    const look = await invoke(lambda, outputs.RefundDeskFunction, testEvent('refund-desk/look.json'));
    expect(look).toMatchObject({ answer: { outcome: expect.stringMatching(/^(found|refused)$/) }, failed: false });
  });

  it('ask WeChat Pay about what waits', async () => {
    const { answer, failed } = await invoke(lambda, outputs.ReconcileFunction, testEvent('reconcile/now.json'));

    expect(failed).toBe(false);
    expect(answer).toEqual({
      asked: expect.any(Number),
      found: expect.any(Number),
      failed: expect.any(Number),
      isCutShort: expect.any(Boolean),
    });
  });

  it('find the keys right', async () => {
    const { answer } = await invoke(lambda, outputs.ReconcileFunction, testEvent('reconcile/check-keys.json'));

    expect(answer).toEqual({ keys: 'right', mchid: expect.any(String), unproved: ['apiV3Key'] });
  });
});

describe('the test events of order-cache', () => {
  const cache = configuredOrderCache(
    { VALKEY_URL: testValkeyUrl(), ORDER_CACHE_TABLE: outputs.OrderCacheTable, ORDER_CACHE_LIFE_SECONDS: 60 },
    { documents, now: () => new Date() },
  );

  it('put the order, and take no newer one back', async () => {
    // Of an order of their own: what other events did to theirs is told to the cache as well.
    const another = `WARREN-EVENT-${randomUUID().slice(0, 8)}`;

    for (const event of ['order-cache/order-paid.json', 'order-cache/late-order-created.json']) {
      const told = JSON.parse(JSON.stringify(testEvent(event)).replaceAll(out_trade_no, another));
      const { answer } = await invoke(lambda, outputs.OrderCacheFunction, told);
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(await cache.get(another)).toMatchObject({ state: 'PAID', version: 2 });
    }
  });

  it('reject what is no event of an order to the dead-letter exchange', async () => {
    const event = testEvent('order-cache/malformed.json');
    const body: string = event.Records[0].body;
    const before = await messagesWith(deployment, deployment.queueUrl('dead-letters'), body);

    const { answer } = await invoke(lambda, outputs.OrderCacheFunction, event);

    expect(answer).toEqual({ batchItemFailures: [] });
    const after = await messagesWith(deployment, deployment.queueUrl('dead-letters'), body);
    expect(after).toHaveLength(before.length + 1);
  });
});

describe('the test event of order-cache-rebuild', () => {
  it('tells what became of the first orders', async () => {
    await givenTheOrderOfTheEvents();

    const { answer } = await invoke(
      lambda,
      outputs.OrderCacheRebuildFunction,
      testEvent('order-cache-rebuild/first-page.json'),
    );

    const { stored, kept } = rebuildAnswerSchema.parse(answer);
    expect(stored + kept).toBeGreaterThan(0);
  });
});

describe('the test events of fulfilment', () => {
  const order = 'WARREN-EVENT-0004';
  const merchant = merchantClient(merchantUrl());

  it('ask the merchant once, whatever comes twice', async () => {
    await givenTheOrderOfTheEvents();
    const before = await merchant.requestsOf(order);

    await acked(outputs.FulfilmentFunction, 'fulfilment/order-paid.json');
    await acked(outputs.FulfilmentFunction, 'fulfilment/order-paid.json');
    await acked(outputs.FulfilmentFunction, 'fulfilment/duplicate.json');

    const asked = (await merchant.requestsOf(order)).slice(before.length);
    expect(asked).toMatchObject([{ idempotency_key: `fulfilment:${order}`, answer: 200 }]);
  });

  it('reject an order that is not paid, of which the merchant hears nothing', async () => {
    const asked = await merchant.requestsOf(order);

    await isRejected(outputs.FulfilmentFunction, 'fulfilment/not-paid.json');

    expect(await merchant.requestsOf(order)).toEqual(asked);
  });
});

describe('the test events of merchant-webhook and order-query', () => {
  const order = 'WARREN-EVENT-0007';
  const merchant = notificationClient(merchantUrl());

  it('tell the merchant nothing of an order that there is not', async () => {
    await isRejected(outputs.MerchantWebhookFunction, 'merchant-webhook/order-paid.json');

    expect(await merchant.toldOf(order)).toEqual([]);
  });

  it('tell the merchant once, whatever comes twice', async () => {
    await documents.send(
      new PutCommand({ TableName: outputs.OrdersTable, Item: unmarshall(testEvent('orders/paid-item.json')) }),
    );
    await acked(outputs.MerchantWebhookFunction, 'merchant-webhook/order-paid.json');
    await acked(outputs.MerchantWebhookFunction, 'merchant-webhook/order-paid.json');

    expect(await merchant.toldOf(order)).toMatchObject([{ type: 'order.paid', verified: true, answer: 204 }]);
  });

  it('reject what is no event of an order', async () => {
    await isRejected(outputs.MerchantWebhookFunction, 'merchant-webhook/no-order.json');
  });

  it('answer what would be told of an order, and that there is none', async () => {
    await givenTheOrderOfTheEvents();

    const known = await invoke(lambda, outputs.OrderQueryFunction, testEvent('order-query/one-order.json'));
    const unknown = await invoke(lambda, outputs.OrderQueryFunction, testEvent('order-query/unknown.json'));

    expect([known.answer, unknown.answer]).toMatchObject([{ statusCode: 200 }, { statusCode: 404 }]);
  });
});

describe('the test event of outbox-relay', () => {
  it('reaches the queues bound to order.paid', async () => {
    const event = testEvent('outbox-relay/order-paid.json');
    const id = event.Records[0].dynamodb.Keys.event_id.S;
    const { failed } = await invoke(lambda, outputs.OutboxRelayFunction, event);

    expect(failed).toBe(false);
    for (const queue of ['analytics.orders', 'archive.orders']) {
      expect(await eventIdsWith(deployment, queue, out_trade_no, 5_000)).toContain(id);
    }
  });
});

describe('the test event of outbox-sweep', () => {
  it('runs it', async () => {
    const { answer, failed } = await invoke(lambda, outputs.OutboxSweepFunction, testEvent('outbox-sweep/now.json'));

    expect({ answer, failed }).toEqual({ answer: null, failed: false });
  });
});

describe('the test event of retention-sweep', () => {
  it('runs it', async () => {
    const { answer, failed } = await invoke(
      lambda,
      outputs.RetentionSweepFunction,
      testEvent('retention-sweep/now.json'),
    );

    expect({ answer, failed }).toEqual({ answer: null, failed: false });
  });
});

describe('the test events of exception-notices and on-call-watch', () => {
  it('tell on-call once, and look for what is due', async () => {
    const Key = { fingerprint: '5f0e1d2c3b4a' };
    await documents.send(new DeleteCommand({ TableName: outputs.NoticesTable, Key }));

    for (const _ of ['first', 'again']) {
      const event = testEvent('exception-notices/new-row.json');
      expect(await invoke(lambda, outputs.ExceptionNoticesFunction, event)).toMatchObject({ failed: false });
    }
    const watched = await invoke(lambda, outputs.OnCallWatchFunction, testEvent('on-call-watch/now.json'));

    const { Item } = await documents.send(
      new GetCommand({ TableName: outputs.NoticesTable, Key, ConsistentRead: true }),
    );
    expect(Item).toMatchObject({ told: 1, untold: 1, place: "queue 'orders.payments'" });
    expect(watched).toMatchObject({ answer: null, failed: false });
  });
});

describe('the printed test event of wechat-pay-notify', () => {
  it('is accepted by a function whose secret holds the keys, and refused once it is six minutes old', async () => {
    const { keys } = await startSimulator(deployment);
    const { out_trade_no: order } = await givenOrder(deployment);
    const sixMinutesAgo = new Date(Date.now() - 360_000);

    const fresh = notificationEvent(keys, { out_trade_no: order, total: 8800 }, new Date());
    const old = notificationEvent(keys, { out_trade_no: order, total: 8800 }, sixMinutesAgo);

    const answers = [fresh, old].map(async (event) => {
      return (await invoke(lambda, outputs.WechatPayNotifyFunction, event)).answer;
    });
    expect(await Promise.all(answers)).toMatchObject([{ statusCode: 204 }, { statusCode: 401 }]);
  });
});
