import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { seededRandom } from '../../../bin/warren/random.ts';
import { createDynamoDbCounterTotals } from '../../../lambdas/shared/sharded-counter/dynamodb-counter-totals.ts';
import { createDynamoDbShardedCounter } from '../../../lambdas/shared/sharded-counter/dynamodb-sharded-counter.ts';
import { tokenWrite } from '../../../lambdas/shared/sharded-counter/token-write.ts';
import { now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** Additions that are spread over items, and counted once each. */
export function shardedCounterContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('a sharded counter', () => {
    const table = tableFor(documents, 'id');
    const tokens = tableFor(documents, 'id');
    const counterOf = (shards: number, random: () => number = seededRandom(shards)) =>
      createDynamoDbShardedCounter(documents, {
        table: table.name,
        shards,
        random,
        maxAttempts: 20,
        sleep: async () => {},
      });
    const { total, totals } = createDynamoDbCounterTotals(documents, {
      table: table.name,
      maxAttempts: 20,
      sleep: async () => {},
    });
    const once = (token: string = randomUUID()) =>
      [tokenWrite(token, { table: tokens.name, keepSeconds: 60, now: () => now })] as const;
    const shardsOf = async (name: string) => (await table.items()).filter(({ counter }) => counter === name);

    check('is exact, however many add at the same moment, and is spread over its shards', async () => {
      const name = randomUUID();
      const counter = counterOf(4);

      const added = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          counter.add([{ counter: name, sums: { fen: n + 1, entries: 1 } }], once()),
        ),
      );

      expect(added.every(({ outcome }) => outcome === 'added')).toBe(true);
      expect(await total(name)).toEqual({ fen: 820, entries: 40 });
      expect(await shardsOf(name)).toHaveLength(4);
    });

    check('counts a repeat once, whoever repeats it at the same moment, and on whatever shard', async () => {
      const [name, token] = [randomUUID(), randomUUID()];
      const counter = counterOf(10);
      const add = () => counter.add([{ counter: name, sums: { fen: 7 } }], once(token));

      const outcomes = (await Promise.all(Array.from({ length: 10 }, add))).map(({ outcome }) => outcome);

      expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(9);
      expect(await total(name)).toEqual({ fen: 7 });
    });

    check('adds to several counters, or to none of them', async () => {
      const [one, another, token] = [randomUUID(), randomUUID(), randomUUID()];
      const counter = counterOf(3);
      await counter.add([{ counter: one, sums: { fen: 10 } }], once(token));

      const move = [
        { counter: one, sums: { fen: -4 } },
        { counter: another, sums: { fen: 4 } },
      ];
      expect(await counter.add(move, once(token))).toMatchObject({ outcome: 'refused' });
      expect(await total(another)).toEqual({});
      await counter.add(move, once());

      expect([await total(one), await total(another)]).toEqual([{ fen: 6 }, { fen: 4 }]);
    });

    check('keeps what it has when its shards become more, or fewer', async () => {
      const name = randomUUID();
      const last = () => 0.999;
      for (const shards of [100, 1, 16])
        await counterOf(shards, last).add([{ counter: name, sums: { fen: 1 } }], once());

      expect((await shardsOf(name)).map(({ id }) => id).sort()).toEqual([`${name}#0`, `${name}#15`, `${name}#99`]);
      expect(await total(name)).toEqual({ fen: 3 });
      expect((await totals()).get(name)).toEqual({ fen: 3 });
    });

    check('that nobody added to is empty, and nothing is no addition', async () => {
      const name = randomUUID();

      expect(await counterOf(2).add([{ counter: name, sums: { fen: 0 } }], once())).toEqual({ outcome: 'added' });
      expect(await total(name)).toEqual({});
      expect(await shardsOf(name)).toEqual([]);
    });
  });
}
