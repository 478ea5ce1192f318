import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbMoveTables } from '../../../lambdas/shared/table-moves/dynamodb-move-tables.ts';
import { createDynamoDbMoves } from '../../../lambdas/shared/table-moves/dynamodb-moves.ts';
import { keyText } from '../../../lambdas/shared/table-moves/key-mapping.ts';
import type { Move } from '../../../lambdas/shared/table-moves/move.ts';
import { now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

const keys = {
  source: ['id'],
  target: [
    { name: 'pk', from: 'item#{id}' },
    { name: 'sk', from: 'item' },
  ],
};

/** Of a table's move: which of two writes of a key is the later, and whose row it is. */
export function tableMovesContract(
  { client, documents }: { readonly client: DynamoDBClient; readonly documents: DynamoDBDocumentClient },
  check: Check = it,
): void {
  describe('a table that moves', () => {
    const [rows, source, target] = [
      tableFor(documents, 'id'),
      tableFor(documents, 'id'),
      tableFor(documents, 'pk', 'sk'),
    ];
    const tables = () =>
      createDynamoDbMoveTables(
        client,
        { table: 'Items', target: 'Moved', keys, sourceName: source.name, targetName: target.name },
        { rows: rows.name, maxAttempts: 5, sleep: async () => {}, now: () => new Date() },
      );
    const change = (text: string, id: string = randomUUID()) => ({
      key: { id },
      item: { id: { S: id }, text: { S: text } },
    });
    const read = async (id: string) => (await tables().read('target', [{ id }])).get(keyText({ id }))?.['text']?.S;

    check('has at the target what the stream said last, in whatever order it comes', async () => {
      const id = randomUUID();
      const write = (text: string, sequence: string) =>
        tables().write('target', change(text, id), { epoch: 1, sequence });

      const results = [await write('b', '9'), await write('a', '8'), await write('c', '10'), await write('c', '10')];

      expect(results).toEqual([true, false, true, false]);
      expect(await read(id)).toBe('c');
    });

    check('keeps what was deleted deleted, whatever a scan or an older change says', async () => {
      const { key, item } = change('a');
      await tables().write('target', { key, item: undefined }, { epoch: 1, sequence: '2' });

      expect(await tables().write('target', { key, item }, { epoch: 1 })).toBe(false);
      expect(await tables().write('target', { key, item }, { epoch: 1, sequence: '1' })).toBe(false);
      expect(await read(key.id)).toBeUndefined();
    });

    check('takes from a scan what the stream has said nothing of, and again in another epoch', async () => {
      const { key, item } = change('a');
      await tables().write('target', { key, item }, { epoch: 1, sequence: '2' });

      expect(await tables().write('target', { key, item }, { epoch: 2 })).toBe(true);
    });

    check('is read in pages on both sides, by keys of the source, with every digit of a number', async () => {
      const item = { id: { S: 'many-digits' }, number: { N: '12345678901234567890.123456789' } };
      await tables().write('source', { key: { id: 'many-digits' }, item }, { epoch: 1 });
      await tables().write('target', { key: { id: 'many-digits' }, item }, { epoch: 1 });

      for (const side of ['source', 'target'] as const) {
        const seen = new Map();
        for (let [after, isLast] = [undefined as { id: string } | undefined, false]; !isLast; ) {
          const { items, next } = await tables().page(side, after, 2);
          for (const one of items) seen.set(one.key['id'], one.item);
          after = next && { id: next['id'] ?? '' };
          isLast = after === undefined;
        }
        expect(seen.get('many-digits')).toEqual(item);
      }
    });

    check('has one row, which of two that change it at the same moment one has changed', async () => {
      const moves = createDynamoDbMoves(documents, rows.name);
      const act = { who: 'somebody', why: 'a test', at: now.toISOString() };
      const move: Move = {
        table: randomUUID(),
        target: 'Moved',
        keys,
        step: 'copying',
        following: 'source',
        epoch: 1,
        version: 0,
        started: act,
        changed: act,
        rate: 1,
        copy: { phase: 'copy', copied: 0, newer: 0, pruned: 0 },
      };

      const started = await Promise.all([moves.save(move), moves.save(move)]);
      const saved = await moves.find(move.table);

      expect(started.filter(Boolean)).toHaveLength(1);
      expect(saved).toEqual({ ...move, version: 1 });
      expect(await moves.save({ ...move, version: 1, step: 'reading' })).toMatchObject({ version: 2, step: 'reading' });
      expect(await moves.save({ ...move, version: 1 })).toBeUndefined();
    });
  });
}
