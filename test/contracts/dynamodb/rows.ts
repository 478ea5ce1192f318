import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbRowMarks } from '../../../lambdas/shared/outbox/dynamodb-row-marks.ts';
import { createDynamoDbRowReader } from '../../../lambdas/shared/outbox/dynamodb-row-reader.ts';
import { type OutboxRow, toRow } from '../../../lambdas/shared/outbox/outbox-row.ts';
import { message, now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** What the relay notes in rows of the outbox, and how it reads them. */
export function rowsContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('a row of the outbox', () => {
    const table = tableFor(documents, 'aggregate', 'event_id');
    const newRow = (): OutboxRow =>
      toRow({ aggregate: randomUUID(), message: message({ properties: { message_id: randomUUID() } }) }, now);
    const put = (Item: OutboxRow) => documents.send(new PutCommand({ TableName: table.name, Item }));
    const marks = () => createDynamoDbRowMarks(documents, { table: table.name, keepSeconds: 60, now: () => now });
    const reader = () =>
      createDynamoDbRowReader(documents, { table: table.name, maxAttempts: 3, sleep: async () => {} });

    check('that is gone is not brought back by a note', async () => {
      const row = newRow();

      await marks().relayed(row);
      await marks().left(row, ['q']);
      await marks().excepted(row);

      expect(await reader().load([row])).toEqual([]);
    });

    check('keeps what it was written with, beside what is noted', async () => {
      const row = newRow();
      await put(row);

      await marks().left(row, ['q', 'r']);
      expect(await reader().load([row])).toMatchObject([{ item: { ...row, undelivered_to: ['q', 'r'] } }]);
      await marks().relayed(row);

      const [{ item = {} } = {}] = await reader().load([row]);
      const { pending, ...rest } = row;
      expect(pending).toBeDefined();
      expect(item).toEqual({
        ...rest,
        left_at: now.toISOString(),
        relayed_at: now.toISOString(),
        expires_at: now.getTime() / 1000 + 60,
      });
    });

    check('is found among more rows than one call reads; what is not there is left out', async () => {
      const rows = Array.from({ length: 120 }, newRow);
      await Promise.all(rows.map(put));

      const found = await reader().load([...rows, newRow()]);

      expect(found.map(({ event_id }) => event_id).sort()).toEqual(rows.map(({ event_id }) => event_id).sort());
    });
  });
}
