import { randomUUID } from 'node:crypto';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import { PermanentError, RetryableError } from '../../../lambdas/shared/consumer/errors.ts';
import { createIdempotencyGuard, type EffectKey } from '../../../lambdas/shared/consumer/idempotency.ts';
import { lambdaContext, rejectionOf } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';

/** Work that says how often it ran. */
export function countedWork() {
  const work = Object.assign(
    async () => {
      work.runs++;
    },
    { runs: 0 },
  );
  return work;
}

/** `openStore` opens the same store anew, as another function would. */
export function idempotencyContract(openStore: () => BasePersistenceLayer, check: Check = it): void {
  function guard({ remainingMs = 10_000, keyPrefix = 'orders.payments' } = {}) {
    const made = createIdempotencyGuard({ persistenceStore: openStore(), keyPrefix, expiresAfterSeconds: 3600 });
    made.startInvocation(lambdaContext(remainingMs));
    return made;
  }
  const newKey = (): EffectKey => ({ businessKey: `wechat:${randomUUID()}`, comparable: ['order-1', 8800] });

  describe('the work of a business key', () => {
    check('runs once, however often and by whichever function it is asked for', async () => {
      const key = newKey();
      const work = countedWork();
      const one = guard();

      const ran = [
        await one.once(key, work),
        await one.once(key, work),
        await guard().once({ ...key, comparable: [...key.comparable] }, work),
      ];

      expect(work.runs).toBe(1);
      expect(ran).toEqual([true, false, false]);
    });

    check('is its own: another key, or the key of another queue, is other work', async () => {
      const key = newKey();
      const work = countedWork();

      await guard().once(key, work);
      await guard().once(newKey(), work);
      await guard({ keyPrefix: 'orders' }).once(key, work);
      await guard({ keyPrefix: 'ledger' }).once(key, work);

      expect(work.runs).toBe(4);
    });

    check('is retried when it must be over while it is being done elsewhere', async () => {
      const key = newKey();
      const work = countedWork();
      const started = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const first = guard({ remainingMs: 9_001 }).once(key, async () => {
        started.resolve();
        await finish.promise;
      });
      await started.promise;

      const error = await rejectionOf(guard({ remainingMs: 9_001 }).once(key, work));
      finish.resolve();
      await first;

      expect(error).toBeInstanceOf(RetryableError);
      expect(error).toMatchObject({ delaySeconds: 10, message: expect.stringContaining(key.businessKey) });
      expect(work.runs).toBe(0);
    });

    check('is done again when the run that had begun it is out of time', async () => {
      const key = newKey();
      const begun = Promise.withResolvers<void>();
      // A run whose time was over when it began, and which never ends: what a crash leaves behind.
      void guard({ remainingMs: -1 }).once(key, () => {
        begun.resolve();
        return new Promise(() => {});
      });
      await begun.promise;
      const work = countedWork();

      await guard().once(key, work);

      expect(work.runs).toBe(1);
    });

    check('may be done again when it failed', async () => {
      const key = newKey();
      const work = countedWork();
      await rejectionOf(guard().once(key, () => Promise.reject(new Error('broken'))));

      await guard().once(key, work);

      expect(work.runs).toBe(1);
    });
  });

  describe('a second message with the same business key', () => {
    check('and other content is rejected for good, and its work not done', async () => {
      const key = newKey();
      const work = countedWork();
      await guard().once(key, async () => {});

      const error = await rejectionOf(guard().once({ ...key, comparable: ['order-1', 1] }, work));

      expect(error).toBeInstanceOf(PermanentError);
      expect(work.runs).toBe(0);
    });

    check('and other content is not rejected for work that is in progress and may yet be refused', async () => {
      const key = newKey();
      const work = countedWork();
      const started = Promise.withResolvers<void>();
      const refuse = Promise.withResolvers<void>();
      const refused = rejectionOf(
        guard({ remainingMs: 9_001 }).once({ ...key, comparable: ['order-1', 1] }, async () => {
          started.resolve();
          await refuse.promise;
          throw new PermanentError('the wrong amount');
        }),
      );
      await started.promise;

      const meanwhile = await rejectionOf(guard({ remainingMs: 9_001 }).once(key, work));
      refuse.resolve();
      await refused;
      await guard().once(key, work);

      expect(meanwhile).toBeInstanceOf(RetryableError);
      expect(meanwhile).toMatchObject({ delaySeconds: 10 });
      expect(work.runs).toBe(1);
    });
  });
}
