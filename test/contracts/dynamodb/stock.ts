import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbOutbox } from '../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { createDynamoDbStockStore, goodsId } from '../../../lambdas/shared/stock/dynamodb-stock-store.ts';
import type { Reservation, ReservationState } from '../../../lambdas/shared/stock/reservation.ts';
import { message, now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** Conditions and transactions that keep goods from being taken twice, and their counts from below zero. */
export function stockContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('goods', () => {
    const stockTable = tableFor(documents, 'id');
    const outboxTable = tableFor(documents, 'aggregate', 'event_id');

    async function given(available: number) {
      const deps = { table: outboxTable.name, now: () => now, maxAttempts: 60, sleep: async () => {}, random: () => 0 };
      const stock = createDynamoDbStockStore(documents, createDynamoDbOutbox(documents, deps), stockTable.name);
      const [tea, cup] = [`TEA-${randomUUID()}`, `CUP-${randomUUID()}`];
      for (const sku of [tea, cup]) {
        await documents.send(
          new UpdateCommand({
            TableName: stockTable.name,
            Key: { id: goodsId(sku) },
            UpdateExpression:
              'ADD available :pieces SET sku = :sku, reserved = if_not_exists(reserved, :none), sold = if_not_exists(sold, :none)',
            ExpressionAttributeValues: { ':pieces': available, ':sku': sku, ':none': 0 },
          }),
        );
      }
      const aggregate = randomUUID();
      const told = () => [{ aggregate, message: message({ properties: { message_id: randomUUID() } }) }];
      const reservation = (
        state: ReservationState,
        items: Reservation['items'],
        out_trade_no: string,
      ): Reservation => ({
        out_trade_no,
        state,
        items,
        changed_at: now.toISOString(),
        ...(state === 'RESERVED' && { expires_at: now.toISOString() }),
      });
      const of = (quantity: number, out_trade_no: string = randomUUID()) => {
        const items = [
          { sku: tea, quantity },
          { sku: cup, quantity: 1 },
        ];
        const at = (state: ReservationState) => reservation(state, items, out_trade_no);
        return {
          find: () => stock.find(out_trade_no),
          at,
          move: (from: ReservationState | undefined, to: ReservationState) =>
            stock.move(from && at(from), at(to), told()),
        };
      };
      const counts = async () => {
        const { sku, ...rest } = await stock.goods(tea);
        expect(sku).toBe(tea);
        return Object.values(rest);
      };
      const rows = async () => (await outboxTable.items()).filter((row) => row['aggregate'] === aggregate).length;
      return { stock, of, counts, rows };
    }

    check(
      'are never fewer than none, whatever is reserved at the same moment, and all of an order or nothing',
      async () => {
        const { of, counts, rows } = await given(10);

        const outcomes = await Promise.all(Array.from({ length: 8 }, () => of(3).move(undefined, 'RESERVED')));

        expect(outcomes.filter((one) => one === 'moved')).toHaveLength(3);
        expect(outcomes.filter((one) => one === 'short')).toHaveLength(5);
        expect([await counts(), await rows()]).toEqual([[1, 9, 0], 3]);
      },
    );

    check('are reserved once by one order, and told of once, by ten at the same moment', async () => {
      const { of, counts, rows } = await given(100);
      const order = of(3);

      const outcomes = await Promise.all(Array.from({ length: 10 }, () => order.move(undefined, 'RESERVED')));

      expect(outcomes.filter((one) => one === 'moved')).toHaveLength(1);
      expect(outcomes.filter((one) => one === 'changed')).toHaveLength(9);
      expect([await counts(), await rows()]).toEqual([[97, 3, 0], 1]);
      expect(await order.find()).toEqual(order.at('RESERVED'));
    });

    check('go with their order from place to place, each time once', async () => {
      const { of, counts } = await given(10);
      const order = of(4);
      const seen = [await counts()];
      const way = [undefined, 'RESERVED', 'CONFIRMED', 'RETURNED'] as const;

      for (const [at, from] of way.slice(0, -1).entries()) {
        const to = way[at + 1];
        if (!to) throw new Error('no way');
        expect([await order.move(from, to), await order.move(from, to)]).toEqual(['moved', 'changed']);
        seen.push(await counts());
      }

      expect(seen).toEqual([
        [10, 0, 0],
        [6, 4, 0],
        [6, 0, 4],
        [10, 0, 0],
      ]);
      expect(await order.find()).toEqual(order.at('RETURNED'));
    });

    check('are cancelled or confirmed, never both, at the same moment', async () => {
      const { of, counts } = await given(10);
      const order = of(4);
      await order.move(undefined, 'RESERVED');

      const outcomes = await Promise.all([
        order.move('RESERVED', 'CANCELLED'),
        order.move('RESERVED', 'CONFIRMED'),
        order.move('RESERVED', 'RETURNED'),
      ]);

      expect(outcomes.sort()).toEqual(['changed', 'changed', 'moved']);
      const isSold = (await order.find())?.state === 'CONFIRMED';
      expect(await counts()).toEqual(isSold ? [6, 0, 4] : [10, 0, 0]);
    });

    check(
      'stay where they are when nothing is taken: a cancel before its order, and one that found too few',
      async () => {
        const { of, counts } = await given(1);
        const [cancelled, lacking] = [of(1), of(5)];

        expect(await cancelled.move(undefined, 'CANCELLED')).toBe('moved');
        expect(await cancelled.move(undefined, 'RESERVED')).toBe('changed');
        expect(await lacking.move(undefined, 'RESERVED')).toBe('short');
        expect(await lacking.move(undefined, 'LACKING')).toBe('moved');
        expect(await lacking.move('LACKING', 'CONFIRMED')).toBe('short');
        expect(await lacking.move('LACKING', 'UNAVAILABLE')).toBe('moved');

        expect(await counts()).toEqual([1, 0, 0]);
      },
    );

    check('that nobody has heard of are none', async () => {
      const { stock } = await given(1);
      const unknown = { out_trade_no: randomUUID(), items: [{ sku: 'X', quantity: 1 }], changed_at: now.toISOString() };

      expect(await stock.goods('X')).toEqual({ sku: 'X', available: 0, reserved: 0, sold: 0 });
      expect(await stock.move(undefined, { ...unknown, state: 'RESERVED' }, [])).toBe('short');
      expect(await stock.find(unknown.out_trade_no)).toBeUndefined();
    });

    check('that should lie there and do not are an error, and nothing is written', async () => {
      const { stock, of } = await given(1);
      const order = of(1);
      await order.move(undefined, 'RESERVED');
      const other = { ...order.at('CONFIRMED'), items: [{ sku: 'X', quantity: 1 }] };

      await expect(stock.move(order.at('RESERVED'), other, [])).rejects.toThrow('should be reserved');
      expect(await order.find()).toEqual(order.at('RESERVED'));
    });
  });
}
