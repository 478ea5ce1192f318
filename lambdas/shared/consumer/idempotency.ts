import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyRecordStatus,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { Context } from 'aws-lambda';
import { PermanentError, RetryableError } from './errors.ts';

/** Identifies one effect, and what two messages that claim it must agree on. */
export interface EffectKey {
  readonly businessKey: string;
  readonly comparable: readonly (string | number)[];
}

/** The outer door: runs the work of a business key once, and spares duplicates the work. The write itself is the inner one. */
export interface IdempotencyGuard {
  /** On every invocation: the lock of a crashed run ends with that run's time (Powertools pitfalls P1, P2). */
  startInvocation(context: Context): void;
  /** Whether the work ran: false for a repeat, whose work was finished before. */
  once(key: EffectKey, work: () => Promise<void>): Promise<boolean>;
}

export interface IdempotencyGuardOptions {
  /** One instance per operation: it may not be shared between prefixes (Powertools issue 5707). */
  readonly persistenceStore: BasePersistenceLayer;
  /** Fixed, so that renaming the function forgets nothing. */
  readonly keyPrefix: string;
  readonly expiresAfterSeconds: number;
}

export function createIdempotencyGuard(options: IdempotencyGuardOptions): IdempotencyGuard {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'businessKey',
    payloadValidationJmesPath: 'comparable',
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    expiresAfterSeconds: options.expiresAfterSeconds,
  });
  const run = makeIdempotent(
    async (_key: EffectKey, work: () => Promise<void>) => {
      await work();
      // Powertools stores the result: a small plain value, because what it cannot serialise runs again (pitfall P8).
      return { done: true };
    },
    { persistenceStore: options.persistenceStore, keyPrefix: options.keyPrefix, config, dataIndexArgument: 0 },
  );
  // How long a lock that another invocation holds can live: it was taken with at most this much time left.
  let longestLockSeconds = 1;
  return {
    startInvocation: (context) => {
      config.registerLambdaContext(context);
      longestLockSeconds = Math.ceil(context.getRemainingTimeInMillis() / 1000);
    },
    async once(key, work) {
      const seen: { ran: boolean; failure?: { readonly error: unknown } } = { ran: false };
      try {
        await run(key, async () => {
          seen.ran = true;
          try {
            await work();
          } catch (error) {
            seen.failure = { error };
            throw error;
          }
        });
        return seen.ran;
      } catch (error) {
        // When the lock cannot be taken away either, Powertools tells of that alone (pitfall P10): the work's own error decides.
        throw seen.failure ? seen.failure.error : translate(error, key, longestLockSeconds);
      }
    },
  };
}

function translate(error: unknown, { businessKey }: EffectKey, delaySeconds: number): unknown {
  if (isInProgressElsewhere(error)) {
    return new RetryableError(`${businessKey} is being worked on elsewhere`, { cause: error, delaySeconds });
  }
  if (error instanceof IdempotencyValidationError) {
    return new PermanentError(`${businessKey} was handled before with other content`, { cause: error });
  }
  return error;
}

/**
 * Powertools compares the content before it looks at the record's status. Work in progress with other content proves nothing:
 * it may yet be refused, as a payment with the wrong amount is, and the right one must not be rejected for its sake.
 */
function isInProgressElsewhere(error: unknown): boolean {
  if (error instanceof IdempotencyAlreadyInProgressError) return true;
  return (
    error instanceof IdempotencyValidationError &&
    error.existingRecord?.getStatus() !== IdempotencyRecordStatus.COMPLETED
  );
}
