import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbAuditLog } from '../../../lambdas/shared/audit/dynamodb-audit-log.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

const time = '2026-11-27T03:00:00.000Z';

export function auditLogContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('the audit log', () => {
    const table = tableFor(documents, 'subject', 'at');

    function given() {
      const subject = `consumer ${randomUUID()}`;
      const log = createDynamoDbAuditLog(documents, { table: table.name, now: () => new Date(time) });
      const act = { subject, act: 'pause', who: 'ada', why: 'a bad deploy' };
      const surge = { subject, mapping: 'uuid', before: 10, during: 50, who: 'ada', why: 'singles day' };
      return { log, subject, surge, act: { ...act, before: { state: 'Enabled' }, after: { state: 'Disabled' } } };
    }

    check('keeps every act, two of one millisecond as two rows, oldest first', async () => {
      const { log, subject, act } = given();

      await log.record(act);
      await log.record({ ...act, act: 'resume' });

      expect(await log.list(subject)).toEqual([
        { ...act, at: time },
        { ...act, act: 'resume', at: '2026-11-27T03:00:00.001Z' },
      ]);
    });

    check('lists the acts on all subjects, and no surge among them', async () => {
      const [one, other] = [given(), given()];
      await one.log.record(one.act);
      await other.log.record(other.act);
      await one.log.openSurge(one.surge);

      const subjects = (await one.log.list()).map(({ subject }) => subject);

      expect(subjects).toEqual(expect.arrayContaining([one.subject, other.subject]));
      expect(subjects).not.toContain('surges in force');
    });

    check(
      'lets one surge of a subject be in force, of ten that are opened at the same moment, until it is closed',
      async () => {
        const { log, subject, surge } = given();
        const ofSubject = async () => (await log.surges()).filter((one) => one.subject === subject);

        const opened = await Promise.all(Array.from({ length: 10 }, () => log.openSurge(surge)));

        expect(opened.filter(Boolean)).toHaveLength(1);
        expect(await ofSubject()).toEqual([{ ...surge, at: time }]);
        await log.closeSurge(subject);
        expect(await ofSubject()).toEqual([]);
        expect(await log.openSurge(surge)).toBe(true);
      },
    );
  });
}
