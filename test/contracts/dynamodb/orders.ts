import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbOrdersStore } from '../../../lambdas/shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { message, now } from '../../unit/lambdas/builders.ts';
import { orderIn, payingOrder } from '../../unit/lambdas/shared/orders/orders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** Conditions and transactions by which an order of the worked example moves: they are its inner door. */
export function ordersContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('an order', () => {
    const orders = tableFor(documents, 'out_trade_no');
    const outbox = tableFor(documents, 'aggregate', 'event_id');

    async function given() {
      const out_trade_no = randomUUID();
      const deps = { table: outbox.name, now: () => now, maxAttempts: 5, sleep: async () => {}, random: () => 0 };
      const store = createDynamoDbOrdersStore(documents, createDynamoDbOutbox(documents, deps), {
        table: orders.name,
        now: () => now,
      });
      const aggregate = `order#${out_trade_no}`;
      const event = () => ({ aggregate, message: message({ properties: { message_id: randomUUID() } }) });
      const create = () => store.create({ ...payingOrder, out_trade_no }, event());
      await create();
      return {
        store,
        event,
        create,
        find: () => store.find(out_trade_no),
        /** From PAYING, of which something may be believed that is not so. */
        pay: (believed: object = {}) =>
          store.move(
            { ...payingOrder, ...believed, out_trade_no },
            { ...orderIn.PAID, ...believed, out_trade_no },
            event(),
          ),
        told: async () => (await outbox.items()).filter((row) => row['aggregate'] === aggregate).length,
      };
    }

    check('is paid once, and told once, by twenty payments at the same moment', async () => {
      const { pay, find, told } = await given();

      const results = await Promise.all(Array.from({ length: 20 }, () => pay()));

      expect(results.filter(({ outcome }) => outcome === 'moved')).toHaveLength(1);
      expect(await find()).toMatchObject({ state: 'PAID', transaction_id: '42' });
      expect(await told()).toBe(2);
      expect(await pay()).toMatchObject({ outcome: 'not-moved', order: { state: 'PAID', transaction_id: '42' } });
    });

    check('keeps its items from state to state, whatever is believed of them', async () => {
      const { store, event } = await given();
      const items = [{ sku: 'TEA-1', quantity: 2 }];
      const order = { ...payingOrder, out_trade_no: randomUUID(), items };
      await store.create(order, event());
      const paid = { ...orderIn.PAID, out_trade_no: order.out_trade_no, items };

      expect(await store.move(order, { ...paid, items: [{ sku: 'CUP-1', quantity: 3 }] }, event())).toEqual({
        outcome: 'moved',
      });
      expect(await store.find(order.out_trade_no)).toEqual(paid);
    });

    check('is moved when more is stored with its items than we know', async () => {
      const { store, event } = await given();
      const priced = [{ sku: 'TEA-1', quantity: 2, price: 500 }];
      const out_trade_no = randomUUID();
      await store.create({ ...payingOrder, out_trade_no, items: priced }, event());
      const order = await store.find(out_trade_no);
      if (!order) throw new Error('no order');

      const paid = { ...orderIn.PAID, out_trade_no, items: order.items };
      expect(await store.move(order, paid, event())).toEqual({ outcome: 'moved' });
    });

    for (const [what, believed] of [
      ['amount', { amount_total: 1 }],
      ['currency', { currency: 'USD' }],
      ['mchid', { mchid: '1' }],
      ['appid', { appid: 'wx1' }],
    ] as const) {
      check(`is not moved with another ${what}, and nothing is told`, async () => {
        const { pay, told } = await given();

        expect(await pay(believed)).toMatchObject({ outcome: 'not-moved', order: payingOrderWithoutNumber });
        expect(await told()).toBe(1);
      });
    }

    check('that does not exist is not made by its payment', async () => {
      const { store, event } = await given();
      const out_trade_no = randomUUID();

      const result = await store.move({ ...payingOrder, out_trade_no }, { ...orderIn.PAID, out_trade_no }, event());

      expect(result).toEqual({ outcome: 'not-moved', order: undefined });
      expect(await store.find(out_trade_no)).toBeUndefined();
    });

    check('never replaces one of its number, nor is that told', async () => {
      const { create, pay, find, told } = await given();
      await pay();

      expect(await create()).toBe('taken');

      expect(await find()).toMatchObject({ state: 'PAID' });
      expect(await told()).toBe(2);
    });
  });
}

const { out_trade_no: _, ...payingOrderWithoutNumber } = payingOrder;
