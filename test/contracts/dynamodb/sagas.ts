import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbOutbox } from '../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { createDynamoDbSagaStore } from '../../../lambdas/shared/saga/dynamodb-saga-store.ts';
import type { SagaMark } from '../../../lambdas/shared/saga/saga-row.ts';
import { message, now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** What keeps each mark of an order once, and its check one. */
export function sagasContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('the progress of an order', () => {
    const sagasTable = tableFor(documents, 'out_trade_no');
    const outboxTable = tableFor(documents, 'aggregate', 'event_id');

    function given() {
      const deps = { table: outboxTable.name, now: () => now, maxAttempts: 50, sleep: async () => {}, random: () => 0 };
      const sagas = createDynamoDbSagaStore(documents, createDynamoDbOutbox(documents, deps), sagasTable.name);
      const [out_trade_no, aggregate] = [randomUUID(), randomUUID()];
      const told = () => ({ aggregate, message: message({ properties: { message_id: randomUUID() } }) });
      return {
        sagas,
        told,
        find: () => sagas.find(out_trade_no),
        mark: (mark: SagaMark, at: string) => sagas.mark(out_trade_no, mark, at, told()),
        rows: async () => (await outboxTable.items()).filter((row) => row['aggregate'] === aggregate).length,
      };
    }

    check('has each mark as it was first told, and one check, whatever comes at the same moment', async () => {
      const { mark, find, rows } = given();

      await Promise.all((['paid', 'goods confirmed', 'refunding', 'paid'] as const).map((one) => mark(one, '1')));
      await mark('paid', '2');

      expect((await find())?.marks).toEqual({ paid: '1', 'goods confirmed': '1', refunding: '1' });
      expect(await rows()).toBe(1);
    });

    check('is told to hang once, with the next check, by many at the same moment', async () => {
      const { sagas, mark, find, told, rows } = given();
      await mark('paid', '1');
      const before = await find();
      if (!before) throw new Error('no row');

      const hang = { waitsFor: 'refunded', check: 1, last: 1 };
      const first = await Promise.all(Array.from({ length: 5 }, () => sagas.tell(before, hang, told())));
      const second = await sagas.tell({ ...before, told: hang }, { ...hang, last: 2 }, told());
      const again = await sagas.tell({ ...before, told: hang }, { ...hang, last: 2 }, told());

      expect([first.filter(Boolean).length, second, again]).toEqual([1, true, false]);
      expect(await find()).toEqual({ ...before, told: { ...hang, last: 2 } });
      expect(await rows()).toBe(3);
    });

    check('that is not there is not told to hang', async () => {
      const { sagas, told, find, rows } = given();

      expect(
        await sagas.tell({ out_trade_no: randomUUID(), marks: {} }, { waitsFor: 'x', check: 1, last: 1 }, told()),
      ).toBe(false);
      expect([await find(), await rows()]).toEqual([undefined, 0]);
    });
  });
}
