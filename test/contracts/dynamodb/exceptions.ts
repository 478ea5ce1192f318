import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbExceptions } from '../../../lambdas/shared/exceptions/dynamodb-exceptions.ts';
import type { NewException } from '../../../lambdas/shared/exceptions/exceptions.ts';
import { CountingMeter, silentLog } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

const first = new Date('2026-11-23T02:00:00Z');
const last = new Date('2026-11-23T03:00:00Z');

export function exceptionsContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('an exception', () => {
    const table = tableFor(documents, 'event_id', 'source');

    function given() {
      const eventId = randomUUID();
      const meter = new CountingMeter();
      let time = first;
      const exceptions = createDynamoDbExceptions(documents, {
        table: table.name,
        now: () => time,
        log: silentLog,
        meter,
      });
      const exception: NewException = {
        eventId,
        source: 'outbox',
        reason: 'unroutable',
        error: { name: 'UnroutableRowError', message: 'no queue' },
        body: 'first',
        envelope: '{"version":1}',
      };
      const rows = async () => (await table.items()).filter((row) => row['event_id'] === eventId);
      const later = (): void => {
        time = last;
      };
      return { exceptions, exception, meter, rows, later };
    }

    check('is one row: a repeat counts, keeps the first content, and tells of the last occurrence', async () => {
      const { exceptions, exception, meter, rows, later } = given();

      await exceptions.open(exception);
      later();
      await exceptions.open({ ...exception, reason: 'refused', body: 'second' });

      expect(await rows()).toMatchObject([
        {
          occurrences: 2,
          body: 'first',
          created_at: first.toISOString(),
          last_at: last.toISOString(),
          reason: 'refused',
          state: 'open',
        },
      ]);
      // New ones ring, repeats do not.
      expect(meter.counts).toHaveLength(2);
    });

    check('that comes up twenty times at the same moment is one row, and new once', async () => {
      const { exceptions, exception, meter, rows } = given();

      await Promise.all(Array.from({ length: 20 }, () => exceptions.open(exception)));

      expect(await rows()).toMatchObject([{ occurrences: 20 }]);
      expect(meter.counts).toHaveLength(2);
    });

    check('is a row of its own for other content under the same event id', async () => {
      const { exceptions, exception, rows } = given();

      await exceptions.open({ ...exception, contentDigest: 'a' });
      await exceptions.open({ ...exception, contentDigest: 'b' });

      expect((await rows()).map(({ source }) => source).sort()).toEqual(['outbox a', 'outbox b']);
    });

    check('holds as much content as an item can', async () => {
      const { exceptions, exception, rows } = given();

      await exceptions.open({ ...exception, body: 'x'.repeat(389 * 1024), envelope: undefined });

      expect(await rows()).toMatchObject([{ body: expect.stringMatching(/^x+$/) }]);
    });
  });
}
