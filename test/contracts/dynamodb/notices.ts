import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { acknowledge } from '../../../lambdas/shared/notices/acknowledge.ts';
import { createDynamoDbNotices } from '../../../lambdas/shared/notices/dynamodb-notices.ts';
import { noted } from '../../../lambdas/shared/notices/notice-changes.ts';
import { changeNotice } from '../../../lambdas/shared/notices/notices.ts';
import { at, opened, row, times } from '../../unit/lambdas/shared/notices/notices.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

export function noticesContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('a notice', () => {
    const table = tableFor(documents, 'fingerprint');
    const given = () => ({ notices: createDynamoDbNotices(documents, table.name), fingerprint: randomUUID() });

    check('is read as it was put', async () => {
      const { notices, fingerprint } = given();
      const { impact: _, alerted_at: __, ...least } = row(0, { fingerprint });

      expect(await notices.get(fingerprint)).toBeUndefined();
      for (const one of [row(0, { fingerprint, expires_at: 7 }), { ...least, impact: undefined }]) {
        const seen = (await notices.get(fingerprint))?.version;
        expect(await notices.put({ ...one, version: 1 }, seen)).toBe(true);
        expect(await notices.get(fingerprint)).toEqual({ ...JSON.parse(JSON.stringify(one)), version: 1 });
      }
    });

    check('is put by whoever saw its newest version, and by nobody else', async () => {
      const { notices, fingerprint } = given();
      const version = (n: number) => row(0, { fingerprint, version: n });

      expect(await notices.put(version(1), 1)).toBe(false);
      expect(await notices.put(version(1), undefined)).toBe(true);
      expect(await notices.put(version(1), undefined)).toBe(false);
      expect(await notices.put(version(2), 1)).toBe(true);
      expect(await notices.put(version(3), 1)).toBe(false);
      expect(await notices.get(fingerprint)).toMatchObject({ version: 2 });
    });

    check('is claimed by one of those who tell of its kind at the same moment', async () => {
      const { notices, fingerprint } = given();
      const tell = (id: string) =>
        changeNotice(notices, fingerprint, (stored) =>
          noted(stored, [opened(0, { fingerprint })], id, { now: at(1), times }),
        );
      const ids = Array.from({ length: 8 }, () => randomUUID());

      const rows = await Promise.all(ids.map(tell));

      const winners = ids.filter((id, n) => rows[n]?.sending?.id === id);
      expect(winners).toHaveLength(1);
      expect(await notices.get(fingerprint)).toMatchObject({ sending: { id: winners[0] } });
    });

    check('is acknowledged once', async () => {
      const { notices, fingerprint } = given();
      await notices.put(row(0, { fingerprint }), undefined);
      const by = { who: 'lin', why: 'on it' };

      expect(await acknowledge(notices, fingerprint, by, at(9))).toBe(true);
      expect(await acknowledge(notices, fingerprint, by, at(10))).toBe(false);

      const stored = await notices.get(fingerprint);
      expect(stored?.alerted_at).toBeUndefined();
      expect(stored?.history).toEqual([{ at: at(9).toISOString(), act: 'acknowledge', ...by }]);
    });

    check('is found among all', async () => {
      const { notices, fingerprint } = given();
      await notices.put(row(0, { fingerprint }), undefined);
      const found: string[] = [];
      for await (const one of notices.all()) found.push(one.fingerprint);

      expect(found).toContain(fingerprint);
    });
  });
}
