import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbExceptionStore } from '../../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
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
        keepSeconds: 60,
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

      await exceptions.open({ ...exception, body: 'x'.repeat(379 * 1024), envelope: undefined });

      expect(await rows()).toMatchObject([{ body: expect.stringMatching(/^x+$/) }]);
    });

    check('tells where it came from, and of what: fingerprint, business key, impact, frames', async () => {
      const { exceptions, exception, rows } = given();
      const error = {
        name: 'TypeError',
        message: 'no',
        stack: 'TypeError: no\n    at pay (/var/task/orders/pay.ts:7:3)',
      };
      const operations = { impact: 'Nobody is paid.', personal: ['payer.openid'] };

      await exceptions.open({ ...exception, error, businessKey: 'order 1', operations });

      expect(await rows()).toMatchObject([
        {
          place: 'outbox',
          fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
          business_key: 'order 1',
          impact: 'Nobody is paid.',
          personal: ['payer.openid'],
          error_stack: 'at pay (/var/task/orders/pay.ts:7:3)',
          version: 1,
        },
      ]);
    });

    check(
      'that only goes on record goes away in its time, and changes nothing for whoever waits for its row',
      async () => {
        const { exceptions, exception, meter, rows, later } = given();

        await exceptions.open({ ...exception, state: 'recorded' });
        expect(await rows()).toMatchObject([{ state: 'recorded', expires_at: first.getTime() / 1000 + 60 }]);
        expect(meter.counts).toEqual([]);

        await exceptions.open(exception);
        later();
        await exceptions.open({ ...exception, state: 'recorded', reason: 'expired' });

        const [row] = await rows();
        expect(row).toMatchObject({ state: 'open', reason: 'unroutable', occurrences: 3, last_at: last.toISOString() });
        expect(row).not.toHaveProperty('expires_at');
        expect(meter.counts).toHaveLength(2);
      },
    );

    check(
      'that is parked rings nobody, counts as no occurrence, and keeps the place in its order that it had first',
      async () => {
        const { exceptions, exception, meter, rows, later } = given();
        const parked: NewException = {
          ...exception,
          reason: 'parked',
          state: 'parked',
          operator: { who: 'lin', why: 'it is full' },
          queued: { sentAt: first, group: 'key-1', sequence: '18850000000000000001', receives: 2 },
        };

        await exceptions.open(parked);
        later();
        await exceptions.open({ ...parked, queued: { sentAt: last, group: 'key-1', sequence: '2', receives: 0 } });

        const [row, ...others] = await rows();
        expect(others).toEqual([]);
        expect(row).toMatchObject({
          state: 'parked',
          version: 1,
          sent_at: first.toISOString(),
          message_group: 'key-1',
          sequence_number: '18850000000000000001',
          receives: 2,
          history: [{ who: 'lin', act: 'park', why: 'it is full', from: 'queue', to: 'parked' }],
        });
        expect(row).not.toHaveProperty('occurrences');
        expect(meter.counts).toEqual([]);
      },
    );

    check(
      'that waits for a person still does when a copy of its message is parked; one that is done with is parked',
      async () => {
        const { exceptions, exception, rows } = given();
        const parked: NewException = { ...exception, reason: 'parked', state: 'parked' };
        const store = createDynamoDbExceptionStore(documents, { table: table.name, keepSeconds: 60, now: () => last });
        const key = { event_id: exception.eventId, source: 'outbox' };

        await exceptions.open(exception);
        await exceptions.open(parked);
        expect(await rows()).toMatchObject([{ state: 'open', reason: 'unroutable', version: 1 }]);

        await store.discard({ ...key, version: 1, state: 'open' }, { who: 'lin', why: 'a test order' });
        await exceptions.open(parked);
        const [row] = await rows();
        expect(row).toMatchObject({ state: 'parked', reason: 'parked', body: 'first' });
        expect(row).not.toHaveProperty('expires_at');
      },
    );

    check('that was exported is restored once, as parked, and never over a row that is there', async () => {
      const { exceptions, exception, rows } = given();
      const store = createDynamoDbExceptionStore(documents, { table: table.name, keepSeconds: 60, now: () => last });
      await exceptions.open(exception);
      const row = await store.get({ event_id: exception.eventId, source: 'outbox' });
      if (!row) throw new Error('no row');
      const by = { who: 'lin', why: 'from the file' };

      expect(await store.restore(row, by)).toBe(false);
      expect(await rows()).toMatchObject([{ state: 'open' }]);
      expect(await store.restore({ ...row, source: 'outbox 2', replay_id: 'gone' }, by)).toBe(true);
      expect(await store.restore({ ...row, source: 'outbox 2' }, by)).toBe(false);

      const restored = (await rows()).find(({ source }) => source === 'outbox 2');
      expect(restored).toMatchObject({
        state: 'parked',
        body: 'first',
        version: 2,
        history: [{ who: 'lin', act: 'import', why: 'from the file', from: 'open', to: 'parked' }],
      });
      expect(restored).not.toHaveProperty('replay_id');
    });

    check('that was sent again, and came too late once more, is on record as before', async () => {
      const { exceptions, exception, rows } = given();
      await exceptions.open({ ...exception, state: 'recorded' });
      const store = createDynamoDbExceptionStore(documents, { table: table.name, keepSeconds: 60, now: () => last });
      const key = { event_id: exception.eventId, source: 'outbox' };
      await store.startReplay({ ...key, version: 1, state: 'recorded' }, 'one', { who: 'lin', why: 'in time now' });

      await exceptions.open({ ...exception, state: 'recorded' });

      const [row] = await rows();
      expect(row).toMatchObject({ state: 'recorded', occurrences: 2, expires_at: expect.any(Number) });
      expect(row).not.toHaveProperty('replay_id');
    });

    check('is resolved by its own replay only, and opened again by another failure, which rings', async () => {
      const { exceptions, exception, meter, rows } = given();
      await exceptions.open(exception);
      const row = { eventId: exception.eventId, row: 'outbox' };
      const store = createDynamoDbExceptionStore(documents, { table: table.name, keepSeconds: 60, now: () => last });
      const key = { event_id: exception.eventId, source: 'outbox' };
      const by = { who: 'lin', why: 'repaired' };
      expect(await store.startReplay({ ...key, version: 1, state: 'open' }, 'first', by)).toBe(true);
      expect(await store.startReplay({ ...key, version: 1, state: 'open' }, 'other', by)).toBe(false);
      expect(await store.startReplay({ ...key, version: 2, state: 'replaying' }, 'second', by)).toBe(true);

      await exceptions.resolve({ ...row, replayId: 'first' });
      expect(await rows()).toMatchObject([{ state: 'replaying' }]);
      await exceptions.resolve({ ...row, replayId: 'second' });
      expect(await rows()).toMatchObject([{ state: 'resolved', version: 4, expires_at: expect.any(Number) }]);
      await exceptions.resolve({ ...row, replayId: 'second' });
      expect(await rows()).toMatchObject([{ version: 4 }]);

      await exceptions.open(exception);
      const [reopened] = await rows();
      expect(reopened).toMatchObject({ state: 'open', occurrences: 2 });
      expect(reopened).not.toHaveProperty('expires_at');
      expect(meter.counts).toHaveLength(4);

      await exceptions.resolve({ ...row, replayId: 'second' });
      expect(await rows()).toMatchObject([{ state: 'open' }]);
    });

    check(
      'is discarded, opened again or given back by who saw its newest version, and its row tells who, why and when',
      async () => {
        const { exceptions, exception, rows } = given();
        await exceptions.open(exception);
        const store = createDynamoDbExceptionStore(documents, { table: table.name, keepSeconds: 60, now: () => last });
        const key = { event_id: exception.eventId, source: 'outbox' };

        expect(await store.discard({ ...key, version: 2, state: 'open' }, { who: 'lin', why: 'test' })).toBe(false);
        expect(await store.discard({ ...key, version: 1, state: 'open' }, { who: 'lin', why: 'a test order' })).toBe(
          true,
        );
        expect(await rows()).toMatchObject([{ state: 'discarded', expires_at: last.getTime() / 1000 + 60 }]);
        expect(await store.reopen({ ...key, version: 2, state: 'discarded' }, { who: 'wu', why: 'it was not' })).toBe(
          true,
        );
        // It is given back by whoever has seen it before it was begun.
        const seen = { ...key, version: 3, state: 'open' } as const;
        expect(await store.startReplay(seen, 'one', { who: 'wu', why: '' })).toBe(true);
        expect(await store.failReplay(seen, 'other', { who: 'wu', why: 'SQS' }, 'open')).toBe(false);
        expect(await store.failReplay(seen, 'one', { who: 'wu', why: 'SQS' }, 'open')).toBe(true);

        const [row] = await rows();
        expect(row).toMatchObject({ state: 'open', version: 5 });
        expect(row).not.toHaveProperty('expires_at');
        expect(row?.['history']).toMatchObject([
          { at: last.toISOString(), who: 'lin', act: 'discard', why: 'a test order', from: 'open', to: 'discarded' },
          { who: 'wu', act: 'reopen', why: 'it was not', from: 'discarded', to: 'open' },
          { act: 'replay', from: 'open', to: 'replaying' },
          { act: 'replay failed', why: 'SQS', from: 'replaying', to: 'open' },
        ]);
      },
    );
  });
}
