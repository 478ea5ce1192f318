import type { ExceptionState } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionStore } from '../../../lambdas/shared/exceptions/exception-store.ts';
import type { ReplayAnswer, ReplayRequest } from '../../../lambdas/shared/exceptions/replay-contract.ts';
import type { Io } from '../io.ts';
import type { Interrupts } from '../publish/options.ts';

/** Which rows are meant: those for which all of these hold. */
export interface Filters {
  readonly state: ExceptionState;
  readonly fingerprint?: string | undefined;
  readonly queue?: string | undefined;
  readonly vhost: string;
  /** Business key. */
  readonly key?: string | undefined;
  readonly event?: string | undefined;
  /** ISO 8601, of the last occurrence. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** What became of the rows that were asked for is not known; asking again under the same replay id is harmless. */
export class ReplayNotAnsweredError extends Error {
  override readonly name = 'ReplayNotAnsweredError';
}

/** The exceptions of a stage. */
export interface ReachedExceptions {
  readonly store: ExceptionStore;
  /** Throws a `ReplayNotAnsweredError`. */
  readonly replay: (request: ReplayRequest, giveUp: AbortSignal) => Promise<ReplayAnswer>;
}

/** What the commands need of the world. */
export interface ExceptionsDeps {
  /** Throws a `UsageError` that says what to do. */
  readonly reach: (stage: string) => Promise<ReachedExceptions>;
  readonly listenForInterrupts: (io: Pick<Io, 'stderr'>) => Interrupts;
  readonly pause: (milliseconds: number, stop?: AbortSignal) => Promise<void>;
  /** In milliseconds. */
  readonly now: () => number;
  readonly uuid: () => string;
  /** Who is at the keyboard, for the history of rows. */
  readonly who: string;
  /** What a person types when asked. */
  readonly ask: (question: string, io: Io) => Promise<string>;
}
