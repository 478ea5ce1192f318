import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { createIdempotencyGuard } from '../../../../../lambdas/shared/consumer/idempotency.ts';
import { countedWork, idempotencyContract } from '../../../../contracts/dynamodb/idempotency.ts';
import { lambdaContext, rejectionOf } from '../../builders.ts';
import { MemoryPersistence } from './memory-persistence.ts';

const key = { businessKey: 'wechat:1900000001:42', comparable: ['order-1', 8800] };

function guardOn(persistenceStore = new MemoryPersistence(), remainingMs?: number, keyPrefix = 'orders.payments') {
  const guard = createIdempotencyGuard({ persistenceStore, keyPrefix, expiresAfterSeconds: 3600 });
  guard.startInvocation(lambdaContext(remainingMs));
  return guard;
}

const shared = new MemoryPersistence();
idempotencyContract(() => shared);

describe('the work of a business key, besides', () => {
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
});

describe('an empty business key', () => {
  it('is refused instead of shared by all who have none', async () => {
    const work = countedWork();

    await rejectionOf(guardOn().once({ businessKey: '', comparable: [1] }, work));

    expect(work.runs).toBe(0);
  });
});
