import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbSegments } from '../../../lambdas/shared/sequences/dynamodb-segments.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** The one atomic update by which nobody gets what somebody else has. */
export function segmentsContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('the segments of a sequence', () => {
    const table = tableFor(documents, 'sequence');
    const segments = createDynamoDbSegments(documents, table.name);

    check('begin at 0, and follow each other, whoever takes them at the same moment', async () => {
      const sequence = randomUUID();

      const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => segments.take(sequence, n + 1)));

      let next = 0;
      for (const { first, size } of taken.sort((one, other) => one.first - other.first)) {
        expect(first).toBe(next);
        next += size;
      }
      expect(next).toBe(210);
    });

    check('are each sequence’s own', async () => {
      const [one, another] = [randomUUID(), randomUUID()];
      await segments.take(one, 7);

      expect(await segments.take(another, 7)).toEqual({ first: 0, size: 7 });
      expect(await segments.take(one, 7)).toEqual({ first: 7, size: 7 });
    });

    check('are counted, as long as there is none, too', async () => {
      const sequence = randomUUID();

      expect(await segments.taken(sequence)).toBe(0);
      await segments.take(sequence, 7);
      expect(await segments.taken(sequence)).toBe(7);
    });
  });
}
