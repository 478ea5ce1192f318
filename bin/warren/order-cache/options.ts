import type { RebuildAnswer, RebuildRequest } from '../../../lambdas/shared/order-cache/rebuild-contract.ts';
import type { Io } from '../io.ts';
import type { Interrupts } from '../publish/options.ts';

export interface RebuildOptions {
  readonly stage: string;
  readonly after?: string | undefined;
  /** Orders in a request. */
  readonly page: number;
  readonly json: boolean;
}

/** A page could not be put into the cache; asking again is harmless. */
export class PageFailedError extends Error {
  override readonly name = 'PageFailedError';
  /** Asking again cannot help. */
  readonly isFinal: boolean;

  constructor(message: string, { isFinal, ...options }: ErrorOptions & { readonly isFinal: boolean }) {
    super(message, options);
    this.isFinal = isFinal;
  }
}

/** Throws a `PageFailedError`. */
export type PutPage = (request: RebuildRequest, giveUp: AbortSignal) => Promise<RebuildAnswer>;

/** What a run needs of the world. */
export interface RebuildDeps {
  /** Throws a `UsageError` when there is nothing to rebuild. */
  readonly reach: (stage: string) => Promise<PutPage>;
  readonly listenForInterrupts: (io: Pick<Io, 'stderr'>) => Interrupts;
  readonly pause: (milliseconds: number, deadline: AbortSignal) => Promise<void>;
  /** In milliseconds. */
  readonly now: () => number;
}
