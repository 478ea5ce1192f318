import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbFailures } from '../../lambdas/shared/consumer/dynamodb-failures.ts';
import { cachedOrderOf } from '../../lambdas/shared/order-cache/cached-order.ts';
import { createValkeyConnection } from '../../lambdas/shared/order-cache/valkey-connection.ts';
import { createValkeyOrderCache, keyOf } from '../../lambdas/shared/order-cache/valkey-order-cache.ts';
import type { OrderEvent } from '../../lambdas/shared/orders/order-event.ts';
import { childEnvironment } from '../../local/aws-environment.ts';
import { eventually } from '../../local/eventually.ts';
import { testAccount } from '../support/deployment-file.ts';
import { invoke } from '../support/invoke.ts';
import { lifeOfAnOrder, newOrderNumber, orderEvent } from '../support/order-events.ts';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { merchant, testDeployment } from '../support/test-deployment.ts';
import { hasTestValkey, killTestValkey, restartTestValkey, testValkeyUrl } from '../support/test-valkey.ts';

const deployment = testDeployment();
const { documents, endpoint, lambda, outputs, sqs } = deployment;
const queue = deployment.queueUrl('order-cache.updates');
const connection = createValkeyConnection(testValkeyUrl());
const cache = createValkeyOrderCache(connection, { lifeSeconds: 3_600 });
afterAll(() => connection.close());

/** The event ids: SQS's message ids, since nobody gave any. */
async function send(...events: readonly OrderEvent[]): Promise<string[]> {
  const ids: string[] = [];
  for (const event of events) {
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: JSON.stringify(event) }));
    ids.push(sent.MessageId ?? '');
  }
  return ids;
}

const failures = createDynamoDbFailures(documents, {
  table: outputs.IdempotencyTable,
  keyPrefix: 'order-cache.updates',
  expiresAfterSeconds: 3_600,
  now: () => new Date(),
});

function cachedIn(state: OrderEvent['state'], orders: readonly string[]) {
  return eventually(
    async () => {
      const held = await Promise.all(orders.map((no) => cache.get(no)));
      return held.map((order) => order?.state);
    },
    (states) => states.every((one) => one === state),
    40_000,
  );
}

async function deadLettersWith(out_trade_no: string) {
  const queues = [deployment.deadLetterQueueUrl('order-cache.updates'), deployment.queueUrl('dead-letters')];
  return (await Promise.all(queues.map((url) => messagesWith(deployment, url, out_trade_no)))).flat();
}

/** Whose payment came, or not, as the orders table has it. */
async function givenStoredOrder(state: 'PAYING' | 'PAID'): Promise<string> {
  const out_trade_no = newOrderNumber();
  const Item = {
    ...merchant,
    out_trade_no,
    amount_total: 8800,
    currency: 'CNY',
    state,
    ...(state === 'PAID' && { transaction_id: '4200000000202611230000000001', paid_at: '2026-11-23T10:00:00+08:00' }),
  };
  await documents.send(new PutCommand({ TableName: outputs.OrdersTable, Item }));
  return out_trade_no;
}

async function rebuild(...args: string[]) {
  const command = path.join(import.meta.dirname, '../../bin/warren.ts');
  const child = spawn(process.execPath, [command, 'order-cache', 'rebuild', '--stage', 'local', '--json', ...args], {
    env: childEnvironment(endpoint, testAccount),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [[status], stdout] = await Promise.all([once(child, 'close'), text(child.stdout)]);
  return { status, ...JSON.parse(stdout) };
}

describe.each(hasTestValkey ? ['order cache'] : [])('the deployed %s', () => {
  it('holds an order that an event told of, for as long as it lives', async () => {
    const no = newOrderNumber();
    const event = orderEvent(no, 'PAID');
    const message = { exchange: 'orders', routing_key: 'order.paid', payload: JSON.stringify(event) };

    const { answer } = await invoke(lambda, outputs.PublishFunction, { mode: 'confirm', messages: [message] });

    expect(answer).toMatchObject({ ok: true, messages: [{ confirm: 'ack' }] });
    expect(await cachedIn('PAID', [no])).toEqual(['PAID']);
    expect(await cache.get(no)).toEqual(cachedOrderOf(event));
    const life = await connection.run((client) => client.ttl(keyOf(no)));
    expect(life).toBeGreaterThan(29 * 86_400);
    expect(life).toBeLessThanOrEqual(30 * 86_400);
  });

  it('ends with the newest of what came twice and in the wrong order', async () => {
    const orders = Array.from({ length: 4 }, newOrderNumber);
    const events = orders.flatMap((no) => lifeOfAnOrder.map((state) => orderEvent(no, state)));

    await send(...events.toReversed(), ...events);

    expect(await drained(deployment, queue)).toBe(0);
    expect(await cachedIn('REFUNDED', orders)).toEqual(Array(4).fill('REFUNDED'));
    for (const no of orders) expect(await deadLettersWith(no)).toEqual([]);
  });

  it('has every order in the end when Valkey is killed in the middle and comes back empty', async () => {
    const before = Array.from({ length: 10 }, newOrderNumber);
    const during = Array.from({ length: 10 }, newOrderNumber);
    await send(...before.map((no) => orderEvent(no, 'PAID')));
    await killTestValkey();
    const ids = await send(...during.map((no) => orderEvent(no, 'PAID')));
    // Each was handled, and refused, at least once.
    const refused = await eventually(
      () => Promise.all(ids.map(failures.count)),
      (counts) => counts.every((count) => count > 0),
      20_000,
    );
    expect(refused).not.toContain(0);

    await restartTestValkey();

    expect(await drained(deployment, queue, 60_000)).toBe(0);
    expect(await cachedIn('PAID', during)).toEqual(Array(10).fill('PAID'));
    for (const no of [...before, ...during]) expect(await deadLettersWith(no)).toEqual([]);
  });

  it('is mended by an event that is published again', async () => {
    const no = newOrderNumber();
    await send(orderEvent(no, 'PAID'));
    expect(await cachedIn('PAID', [no])).toEqual(['PAID']);
    await connection.run((client) => client.del(keyOf(no)));

    await send(orderEvent(no, 'PAID'));

    expect(await cachedIn('PAID', [no])).toEqual(['PAID']);
  });

  it('is mended by a rebuild, whatever was wiped or turned older, and takes nothing newer back', async () => {
    const paid = await Promise.all(Array.from({ length: 7 }, () => givenStoredOrder('PAID')));
    const paying = await givenStoredOrder('PAYING');
    const [older = '', newer = ''] = paid;
    await connection.run((client) => client.flushall());
    await cache.put(cachedOrderOf(orderEvent(older, 'PAYING')));
    await cache.put(cachedOrderOf(orderEvent(newer, 'REFUNDING')));

    const result = await rebuild('--page', '3');

    expect(result).toMatchObject({ status: 0, ok: true, unreadable: [] });
    expect(result.kept).toBeGreaterThanOrEqual(1);
    expect(
      await cachedIn(
        'PAID',
        paid.filter((no) => no !== newer),
      ),
    ).toEqual(Array(6).fill('PAID'));
    // As its event told it: a row and an event are one value of one version.
    expect(await cache.get(older)).toEqual(cachedOrderOf(orderEvent(older, 'PAID')));
    expect(await cachedIn('REFUNDING', [newer])).toEqual(['REFUNDING']);
    expect(await cachedIn('PAYING', [paying])).toEqual(['PAYING']);
  });

  it('is rebuilt although Valkey is away for a while, beside live traffic', async () => {
    const paid = await Promise.all(Array.from({ length: 5 }, () => givenStoredOrder('PAID')));
    await killTestValkey();
    const rebuilding = rebuild('--page', '2');
    const refunded = paid.slice(0, 2);
    await send(...refunded.map((no) => orderEvent(no, 'REFUNDED')));

    await restartTestValkey();

    expect(await rebuilding).toMatchObject({ status: 0, ok: true });
    expect(await drained(deployment, queue, 60_000)).toBe(0);
    expect(await cachedIn('PAID', paid.slice(2))).toEqual(Array(3).fill('PAID'));
    expect(await cachedIn('REFUNDED', refunded)).toEqual(Array(2).fill('REFUNDED'));
  });
});
