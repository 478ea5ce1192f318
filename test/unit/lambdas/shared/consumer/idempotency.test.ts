import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { createIdempotencyGuard } from '../../../../../lambdas/shared/consumer/idempotency.ts';
import { lambdaContext, rejectionOf } from '../../builders.ts';
import { MemoryPersistence } from './memory-persistence.ts';

const key = { businessKey: 'wechat:1900000001:42', comparable: ['order-1', 8800] };

function guardOn(persistenceStore = new MemoryPersistence(), remainingMs?: number, keyPrefix = 'orders.payments') {
  const guard = createIdempotencyGuard({ persistenceStore, keyPrefix, expiresAfterSeconds: 3600 });
  guard.startInvocation(lambdaContext(remainingMs));
  return guard;
}

/** Work that says how often it ran. */
function countedWork() {
  const work = Object.assign(
    async () => {
      work.runs++;
    },
    { runs: 0 },
  );
  return work;
}

describe('the work of a business key', () => {
  it('runs once, however often it is asked for', async () => {
    const guard = guardOn();
    const work = countedWork();

    const ran = [
      await guard.once(key, work),
      await guard.once(key, work),
      await guard.once({ ...key, comparable: [...key.comparable] }, work),
    ];

    expect(work.runs).toBe(1);
    expect(ran).toEqual([true, false, false]);
  });

  it('runs once, whichever of two functions was faster', async () => {
    const store = new MemoryPersistence();
    const work = countedWork();

    await guardOn(store).once(key, work);
    await guardOn(store).once(key, work);

    expect(work.runs).toBe(1);
  });

  it('is its own: another key, or the key of another queue, is other work', async () => {
    const guard = guardOn();
    const store = new MemoryPersistence();
    const work = countedWork();

    await guard.once(key, work);
    await guard.once({ ...key, businessKey: 'wechat:1900000001:43' }, work);
    await guardOn(store, undefined, 'orders').once(key, work);
    await guardOn(store, undefined, 'ledger').once(key, work);

    expect(work.runs).toBe(4);
  });

  it('is retried when it must be over while it is being done elsewhere: no receive is spent on finding it locked', async () => {
    const guard = guardOn(undefined, 9_001);
    const work = countedWork();
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const first = guard.once(key, async () => {
      started.resolve();
      await finish.promise;
    });
    await started.promise;

    const error = await rejectionOf(guard.once(key, work));
    finish.resolve();
    await first;

    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ delaySeconds: 10, message: expect.stringContaining(key.businessKey) });
    expect(work.runs).toBe(0);
  });

  it('is done again when the run that had begun it is out of time', async () => {
    const store = new MemoryPersistence();
    const begun = Promise.withResolvers<void>();
    // A run whose time was over when it began, and which never ends: what a crash leaves behind.
    void guardOn(store, -1).once(key, () => {
      begun.resolve();
      return new Promise(() => {});
    });
    await begun.promise;
    const work = countedWork();

    await guardOn(store).once(key, work);

    expect(work.runs).toBe(1);
  });

  it('is locked no longer than the invocation that does it has left', async () => {
    const store = new MemoryPersistence();
    const before = Date.now();

    await guardOn(store, 5_000).once(key, async () => {
      const [record] = store.records.values();
      expect(record?.inProgressExpiryTimestamp).toBeGreaterThanOrEqual(before + 5_000);
      expect(record?.inProgressExpiryTimestamp).toBeLessThanOrEqual(Date.now() + 5_000);
    });

    expect(store.records.size).toBe(1);
  });

  it('is remembered for as long as the guard was told', async () => {
    const store = new MemoryPersistence();
    const before = Math.floor(Date.now() / 1000);

    await guardOn(store).once(key, async () => {});

    const [record] = store.records.values();
    expect(record?.getStatus()).toBe('COMPLETED');
    expect(record?.expiryTimestamp).toBeGreaterThanOrEqual(before + 3600);
    expect(record?.expiryTimestamp).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 3600);
  });
});

describe('a second message with the same business key', () => {
  it('and other content is rejected for good, and its work not done', async () => {
    const guard = guardOn();
    const work = countedWork();
    await guard.once(key, async () => {});

    const error = await rejectionOf(guard.once({ ...key, comparable: ['order-1', 1] }, work));

    expect(error).toBeInstanceOf(PermanentError);
    expect(work.runs).toBe(0);
  });

  it('and other content is not rejected for work that is in progress and may yet be refused', async () => {
    const guard = guardOn(undefined, 9_001);
    const wrong = { ...key, comparable: ['order-1', 1] };
    const work = countedWork();
    const started = Promise.withResolvers<void>();
    const refuse = Promise.withResolvers<void>();
    const refused = rejectionOf(
      guard.once(wrong, async () => {
        started.resolve();
        await refuse.promise;
        throw new PermanentError('the wrong amount');
      }),
    );
    await started.promise;

    const meanwhile = await rejectionOf(guard.once(key, work));
    refuse.resolve();
    await refused;
    await guard.once(key, work);

    expect(meanwhile).toBeInstanceOf(RetryableError);
    expect(meanwhile).toMatchObject({ delaySeconds: 10 });
    expect(work.runs).toBe(1);
  });
});

describe('work that fails', () => {
  it.each([new Error('broken'), new RetryableError('later', { delaySeconds: 7 }), new PermanentError('never')])(
    'passes its own error on, as it is: %s',
    async (thrown) => {
      const error = await rejectionOf(
        guardOn().once(key, async () => {
          throw thrown;
        }),
      );

      expect(error).toBe(thrown);
    },
  );

  it('may be done again', async () => {
    const guard = guardOn();
    const work = countedWork();
    await rejectionOf(guard.once(key, () => Promise.reject(new Error('broken'))));

    await guard.once(key, work);

    expect(work.runs).toBe(1);
  });
});

describe('an empty business key', () => {
  it('is refused instead of shared by all who have none', async () => {
    const work = countedWork();

    await rejectionOf(guardOn().once({ businessKey: '', comparable: [1] }, work));

    expect(work.runs).toBe(0);
  });
});
