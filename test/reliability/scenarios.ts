import { randomUUID } from 'node:crypto';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { createValkeyConnection } from '../../lambdas/shared/order-cache/valkey-connection.ts';
import { createValkeyOrderCache } from '../../lambdas/shared/order-cache/valkey-order-cache.ts';
import { type OrderEvent, orderVersions } from '../../lambdas/shared/orders/order-event.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { merchantClient } from '../../local/merchant/merchant-client.ts';
import { givenOrder } from '../support/test-deployment.ts';
import { eventMessage, type Scenario } from './consume-under-kills.ts';

/** Tables and clients answer a few at a time. */
const concurrency = 16;

/** The four ways of the worked example, on its deployed stacks. */
export function scenariosOf(
  deployment: ExampleDeployment,
  { valkeyUrl, merchantUrl }: { readonly valkeyUrl: string; readonly merchantUrl: string },
): readonly Scenario[] {
  return [
    paidOnce(deployment),
    ledgerOfOrders(deployment),
    cachedOrders(deployment, valkeyUrl),
    fulfilledOnce(deployment, merchantUrl),
  ];
}

/** State: PAYING → PAID. An effect is a row of the outbox that was written with it, behind that of the order itself. */
function paidOnce(deployment: ExampleDeployment): Scenario {
  let orders: readonly string[] = [];
  return {
    name: 'state: orders paid',
    queue: 'orders.payments',
    functionName: deployment.outputs.OrdersFunction,
    async prepare(count) {
      const payments = await pMap(Array(count).fill(deployment), () => givenOrder(deployment), { concurrency });
      orders = payments.map(({ out_trade_no }) => out_trade_no);
      return payments.map((payment) => eventMessage('payments', 'payment.success', payment));
    },
    async effects() {
      const seen = await pMap(orders, (order) => observeOrder(deployment, order), { concurrency });
      return {
        events: seen.filter(({ state }) => state === 'PAID').length,
        effects: seen.flatMap(eventsOf).filter((event) => event !== 'order.created').length,
      };
    },
  };
}

/** Insert or update by key. An effect is an entry that says what its event says. */
function ledgerOfOrders(deployment: ExampleDeployment): Scenario {
  let events: readonly OrderEvent[] = [];
  return {
    name: 'upsert: ledger entries',
    queue: 'ledger.entries',
    functionName: deployment.outputs.LedgerFunction,
    async prepare(count) {
      events = Array.from({ length: count }, paidEvent);
      return events.map((event) => eventMessage('', 'ledger.entries', event));
    },
    async effects() {
      const entries = await ledgerEntriesOf(deployment, events);
      const right = events.filter(
        (event) => entries.get(event.out_trade_no)?.['transaction_id'] === event.transaction_id,
      );
      return { events: right.length, effects: entries.size };
    },
  };
}

/** SET, of its nature idempotent. An effect is an order in the cache that is as its event says. */
function cachedOrders(deployment: ExampleDeployment, VALKEY_URL: string): Scenario {
  let events: readonly OrderEvent[] = [];
  return {
    name: 'set: orders cached',
    queue: 'order-cache.updates',
    functionName: deployment.outputs.OrderCacheFunction,
    async prepare(count) {
      events = Array.from({ length: count }, paidEvent);
      return events.map((event) => eventMessage('', 'order-cache.updates', event));
    },
    async effects() {
      const connection = createValkeyConnection(VALKEY_URL);
      const cache = createValkeyOrderCache(connection, { lifeSeconds: 60 });
      const cached = await pMap(events, ({ out_trade_no }) => cache.get(out_trade_no), { concurrency });
      connection.close();
      const right = events.filter((event, at) => cached[at]?.transaction_id === event.transaction_id);
      return { events: right.length, effects: cached.filter((order) => order !== undefined).length };
    },
  };
}

/** Anything else: the outside work is keyed. An effect is one that the merchant's own log tells of. */
function fulfilledOnce(deployment: ExampleDeployment, url: string): Scenario {
  let events: readonly OrderEvent[] = [];
  return {
    name: 'key: orders fulfilled',
    queue: 'fulfilment.requests',
    functionName: deployment.outputs.FulfilmentFunction,
    async prepare(count) {
      events = Array.from({ length: count }, paidEvent);
      return events.map((event) => eventMessage('', 'fulfilment.requests', event));
    },
    async effects() {
      const merchant = merchantClient(url);
      const seen = await pMap(events, ({ out_trade_no }) => merchant.requestsOf(out_trade_no), { concurrency });
      const effects = seen.map((requests) => requests.filter(({ effect }) => effect).length);
      return { events: effects.filter((some) => some > 0).length, effects: effects.reduce((sum, one) => sum + one, 0) };
    },
  };
}

/** That an order is paid, which nobody else has. */
export function paidEvent(): OrderEvent {
  return {
    out_trade_no: `K-${randomUUID().slice(0, 20)}`,
    state: 'PAID',
    version: orderVersions.PAID,
    amount: { total: 8800, currency: 'CNY' },
    transaction_id: randomUUID(),
    changed_at: '2026-11-23T10:00:00+08:00',
  };
}

/** By order number. */
export async function ledgerEntriesOf({ documents, outputs }: ExampleDeployment, events: readonly OrderEvent[]) {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  for (let at = 0; at < events.length; at += 100) {
    const Keys = events.slice(at, at + 100).map(({ out_trade_no }) => ({ out_trade_no }));
    const { Responses } = await documents.send(
      new BatchGetCommand({ RequestItems: { [outputs.LedgerTable]: { Keys, ConsistentRead: true } } }),
    );
    for (const item of Responses?.[outputs.LedgerTable] ?? []) found.set(String(item['out_trade_no']), item);
  }
  return found;
}
