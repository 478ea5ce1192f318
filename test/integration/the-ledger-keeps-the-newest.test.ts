import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { seededRandom } from '../../bin/warren/random.ts';
import { createDynamoDbLedgerStore } from '../../lambdas/ledger/dynamodb-ledger-store.ts';
import { createLedgerConsumer } from '../../lambdas/ledger/ledger-consumer.ts';
import { type OrderEvent, type OrderState, orderVersions } from '../../lambdas/shared/orders/order-event.ts';
import { invoke } from '../support/invoke.ts';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { shuffled } from '../support/shuffled.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { message, silentLog } from '../unit/lambdas/builders.ts';

const deployment = testDeployment();
const { documents, outputs } = deployment;
const store = createDynamoDbLedgerStore(documents, { table: outputs.LedgerTable, now: () => new Date() });
const life: readonly OrderState[] = ['PAYING', 'PAID', 'REFUNDING', 'REFUNDED'];

function eventOf(out_trade_no: string, state: OrderState, changes: Partial<OrderEvent> = {}): OrderEvent {
  return {
    out_trade_no,
    state,
    version: orderVersions[state],
    amount: { total: 8800, currency: 'CNY' },
    changed_at: '2026-11-23T10:00:00+08:00',
    ...changes,
  };
}

const newOrder = () => `L-${randomUUID().slice(0, 20)}`;

async function entryOf(out_trade_no: string): Promise<Record<string, unknown> | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: outputs.LedgerTable, Key: { out_trade_no }, ConsistentRead: true }),
  );
  return Item;
}

async function outcomes(...events: OrderEvent[]): Promise<string[]> {
  return (await store.upsertAll(events)).map(({ outcome }) => outcome);
}

describe('an entry of the ledger', () => {
  it('is inserted, updated by what is newer, and left alone by what is older or comes again', async () => {
    const order = newOrder();
    const [created, paid] = [eventOf(order, 'PAYING'), eventOf(order, 'PAID', { transaction_id: '42' })];

    expect(await outcomes(created)).toEqual(['written']);
    expect(await outcomes(paid)).toEqual(['written']);
    expect(await outcomes(created)).toEqual(['known']);
    expect(await outcomes(paid)).toEqual(['known']);

    expect(await entryOf(order)).toMatchObject(paid);
  });

  it('that is known, or refused, costs the others of its transaction nothing', async () => {
    const [known, fresh, other] = [newOrder(), newOrder(), newOrder()];
    await outcomes(eventOf(known, 'PAID'), eventOf(other, 'PAID'));
    const contradiction = eventOf(other, 'PAID', { amount: { total: 1, currency: 'CNY' } });

    expect(await outcomes(eventOf(known, 'PAYING'), eventOf(fresh, 'PAYING'), contradiction)).toEqual([
      'known',
      'written',
      'refused',
    ]);

    expect(await entryOf(fresh)).toMatchObject({ state: 'PAYING' });
    expect(await entryOf(other)).toMatchObject({ amount: { total: 8800 } });
  });

  it('that DynamoDB will never take is found among the others, which are written', async () => {
    const orders = Array.from({ length: 5 }, newOrder);
    const events = orders.map((order) => eventOf(order, 'PAYING'));
    const tooLarge = eventOf(newOrder(), 'PAID', { transaction_id: '4'.repeat(500_000) });

    expect(await outcomes(...events.slice(0, 3), tooLarge, ...events.slice(3))).toEqual([
      ...Array(3).fill('written'),
      'refused',
      ...Array(2).fill('written'),
    ]);
  });

  it('ends as its order did, in whatever batches events come, shuffled, three times each, from three writers at once', async () => {
    const orders = Array.from({ length: 12 }, newOrder);
    const events = orders.flatMap((order) => life.map((state) => eventOf(order, state)));
    const { handleAll } = createLedgerConsumer(store);
    let waiting = shuffled([...events, ...events, ...events], seededRandom(6));

    while (waiting.length > 0) {
      const writers = [waiting.slice(0, 10), waiting.slice(10, 20), waiting.slice(20, 30)];
      const back = await Promise.all(
        writers.map(async (batch) => {
          const verdicts = await handleAll(batch.map(deliveryOf));
          return batch.filter((_, at) => verdicts[at] !== undefined);
        }),
      );
      waiting = [...waiting.slice(30), ...back.flat()];
    }

    for (const order of orders) expect(await entryOf(order)).toMatchObject({ state: 'REFUNDED', version: 4 });
  });
});

function deliveryOf(body: OrderEvent) {
  return { body, message: message({}), redelivered: false, log: silentLog };
}

describe('events of orders, published', () => {
  it('end in the ledger as their orders are, whatever comes twice or late', async () => {
    const orders = Array.from({ length: 20 }, newOrder);
    const events = orders.flatMap((order) => life.map((state) => eventOf(order, state)));
    const messages = shuffled([...events, ...events], seededRandom(7)).map((event) => ({
      exchange: 'orders',
      routing_key: `order.${event.state.toLowerCase()}`,
      payload: JSON.stringify(event),
    }));

    await invoke(deployment.lambda, outputs.PublishFunction, { messages });
    expect(await drained(deployment, deployment.queueUrl('ledger.entries'))).toBe(0);

    for (const order of orders) expect(await entryOf(order)).toMatchObject({ state: 'REFUNDED' });
  });

  it('that contradict the ledger are dead-lettered', async () => {
    const order = newOrder();
    const publish = (event: OrderEvent) =>
      invoke(deployment.lambda, outputs.PublishFunction, {
        // To the ledger alone: other consumers of the exchange reject the contradiction, too.
        messages: [{ exchange: '', routing_key: 'ledger.entries', payload: JSON.stringify(event) }],
      });
    await publish(eventOf(order, 'PAID'));
    expect(await drained(deployment, deployment.queueUrl('ledger.entries'))).toBe(0);

    await publish(eventOf(order, 'PAID', { amount: { total: 1, currency: 'CNY' } }));

    const letters = await messagesWith(deployment, deployment.queueUrl('dead-letters'), order, 10_000);
    expect(letters).toHaveLength(1);
    expect(await entryOf(order)).toMatchObject({ amount: { total: 8800 } });
  });
});
