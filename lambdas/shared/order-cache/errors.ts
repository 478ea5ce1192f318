import { UnavailableError } from '../consumer/errors.ts';

/** Valkey cannot be reached, does not answer in time, or refuses a command. Whether the command had an effect is not known. */
export class CacheRefusedError extends UnavailableError {
  override readonly name = 'CacheRefusedError';

  constructor(cause: unknown) {
    super(`the order cache refuses: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
