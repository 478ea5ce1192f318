import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Assignment } from '../../../lambdas/shared/partitions/assignment.ts';
import { createDynamoDbPartitionStore } from '../../../lambdas/shared/partitions/dynamodb-partition-store.ts';
import { placeName } from '../../../lambdas/shared/partitions/partition-store.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** What publishers, consumers and the command agree on. */
export function partitionsContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('the assignment of a partitioned exchange', () => {
    const table = tableFor(documents, 'exchange', 'item');
    const store = createDynamoDbPartitionStore(documents, table.name);
    const exchange = () => ({ vhost: '/', name: randomUUID() });
    const first: Assignment = {
      lines: ['1 one', '1 two'],
      steps: [{ active: 1, declared: 2, switchAt: 0, markedAt: 0, drainedAt: 0 }],
    };
    const grown: Assignment = { ...first, steps: [...first.steps, { active: 2, declared: 2, switchAt: 7 }] };

    check('is one, whoever reads it first, at the same moment', async () => {
      const address = exchange();
      const wishes = [1, 2].map((active) => ({
        ...first,
        steps: [{ active, declared: 2, switchAt: 0, drainedAt: 0 }],
      }));

      const read = await Promise.all(wishes.flatMap((wish) => [store.read(address, wish), store.read(address, wish)]));

      expect(new Set(read.map(({ assignment }) => JSON.stringify(assignment))).size).toBe(1);
    });

    check('is not made by who only looks', async () => {
      const address = exchange();

      expect(await store.find(address)).toBeUndefined();
      const made = await store.read(address, first);

      expect(await store.find(address)).toEqual(made);
    });

    check('is written by one of those who have read the same', async () => {
      const address = exchange();
      const { revision } = await store.read(address, first);

      const written = await Promise.all([grown, grown].map((one) => store.write(address, one, revision)));

      expect(written.toSorted()).toEqual([false, true]);
      expect((await store.read(address, first)).assignment).toEqual(grown);
      expect(await store.write(address, first, revision)).toBe(false);
    });

    check('keeps what is drained, group by group, of each step, until it is forgotten', async () => {
      const address = exchange();
      await store.read(address, first);
      const places = Array.from({ length: 30 }, (_, at) => ({ queue: `shard-${at % 3}`, group: `${at}-last` }));

      await Promise.all(places.map((place) => store.noteDrained(address, 1, place)));
      await store.noteDrained(address, 2, { queue: 'shard-0', group: '0-last' });
      await store.noteDrained(address, 2, { queue: 'shard-0', group: '0-last' });

      const { drained } = await store.read(address, first);
      expect(drained.get(1)).toEqual(new Set(places.map(placeName)));
      expect(drained.get(2)).toEqual(new Set(['0-last shard-0']));
      await store.forget(address, 1);
      expect([...(await store.read(address, first)).drained.keys()]).toEqual([2]);
    });

    check('is each exchange’s own', async () => {
      const [one, other] = [exchange(), exchange()];
      const { revision } = await store.read(one, first);
      await store.write(one, grown, revision);
      await store.noteDrained(one, 1, { queue: 'shard-0', group: '0-last' });

      const { assignment, drained } = await store.read(other, first);

      expect(assignment).toEqual(first);
      expect(drained.size).toBe(0);
    });
  });
}
