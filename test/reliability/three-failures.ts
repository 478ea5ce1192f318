import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { OrderEvent } from '../../lambdas/shared/orders/order-event.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { placeOrder } from '../../local/demo/place-order.ts';
import { merchantClient } from '../../local/merchant/merchant-client.ts';
import { newOrderNumber } from '../support/order-events.ts';
import { merchant as ourMerchant, paymentOf } from '../support/test-deployment.ts';
import { type EventMessage, eventMessage } from './consume-under-kills.ts';
import { ledgerEntriesOf, paidEvent } from './scenarios.ts';

/** One way to fail, of so many messages, that somebody can repair. */
export interface Failure {
  readonly name: string;
  readonly messages: readonly EventMessage[];
  /** From then on they fail. */
  break(): Promise<void>;
  repair(): Promise<void>;
  /** How many of the messages have their effect, and how many effects there are. */
  effects(): Promise<{ readonly events: number; readonly effects: number }>;
}

const concurrency = 16;

/** A payment whose order is not there, until it is placed. Tried again and again, and then over its delivery limit. */
export function paidUnknownOrders(deployment: ExampleDeployment, count: number): Failure {
  const payments = Array.from({ length: count }, () => paymentOf(newOrderNumber()));
  return {
    name: 'no order',
    messages: payments.map((payment) => eventMessage('payments', 'payment.success', payment)),
    async break() {},
    async repair() {
      await pMap(
        payments,
        ({ out_trade_no }) => placeOrder(deployment, { ...ourMerchant, out_trade_no, amount_total: 8800 }),
        { concurrency },
      );
    },
    async effects() {
      const seen = await pMap(payments, ({ out_trade_no }) => observeOrder(deployment, out_trade_no), { concurrency });
      return {
        events: seen.filter(({ state }) => state === 'PAID').length,
        effects: seen.flatMap(eventsOf).filter((event) => event === 'order.paid').length,
      };
    },
  };
}

/** An entry of the ledger that says something else under the same version, until it is taken out. Rejected at once. */
export function contradictedEntries(deployment: ExampleDeployment, count: number): Failure {
  const { documents, outputs } = deployment;
  const TableName = outputs.LedgerTable;
  const events = Array.from({ length: count }, paidEvent);
  const wrong = (event: OrderEvent) => ({ ...event, transaction_id: 'another', recorded_at: 'never' });
  return {
    name: 'another entry',
    messages: events.map((event) => eventMessage('', 'ledger.entries', event)),
    async break() {
      await pMap(events, (event) => documents.send(new PutCommand({ TableName, Item: wrong(event) })), { concurrency });
    },
    async repair() {
      await pMap(
        events,
        ({ out_trade_no }) => documents.send(new DeleteCommand({ TableName, Key: { out_trade_no } })),
        { concurrency },
      );
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

/** A merchant who refuses, until he does not. Rejected at once. */
export function refusedFulfilments(url: string, count: number): Failure & { asked(): Promise<number> } {
  const merchant = merchantClient(url);
  const events = Array.from({ length: count }, paidEvent);
  const requests = () => pMap(events, ({ out_trade_no }) => merchant.requestsOf(out_trade_no), { concurrency });
  return {
    name: 'refused',
    messages: events.map((event) => eventMessage('', 'fulfilment.requests', event)),
    async break() {
      await pMap(events, ({ out_trade_no }) => merchant.plan(out_trade_no, 'refuse', 'refuse', 'refuse'), {
        concurrency,
      });
    },
    async repair() {
      await pMap(events, ({ out_trade_no }) => merchant.plan(out_trade_no), { concurrency });
    },
    async effects() {
      const effects = (await requests()).map((seen) => seen.filter(({ effect }) => effect).length);
      return { events: effects.filter((some) => some > 0).length, effects: effects.reduce((sum, one) => sum + one, 0) };
    },
    asked: async () => (await requests()).flat().length,
  };
}
