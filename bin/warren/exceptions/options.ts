import type { ExceptionState } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionStore, Operator } from '../../../lambdas/shared/exceptions/exception-store.ts';
import type { ExceptionReason } from '../../../lambdas/shared/exceptions/exceptions.ts';
import type { ReplayAnswer, ReplayRequest } from '../../../lambdas/shared/exceptions/replay-contract.ts';
import type { NoticeRow } from '../../../lambdas/shared/notices/notice-row.ts';
import type { Io } from '../io.ts';
import type { Interrupts } from '../publish/options.ts';

/** Which rows are meant: those for which all of these hold. */
export interface Filters {
  readonly state: ExceptionState;
  readonly ofReason?: ExceptionReason | undefined;
  readonly fingerprint?: string | undefined;
  readonly queue?: string | undefined;
  /** Of `queue`. Default: `/`. */
  readonly vhost?: string | undefined;
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
  /** Ends the escalation of a kind. False when on-call waits for nobody. */
  readonly acknowledge: (fingerprint: string, operator: Operator) => Promise<boolean>;
  /** What on-call was told of a kind. Undefined: nothing. */
  readonly notice: (fingerprint: string) => Promise<NoticeRow | undefined>;
  /** Who acts, for the history of rows: the caller's ARN. Throws a `UsageError`. */
  readonly caller: () => Promise<string>;
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
  /** What a person types when asked. */
  readonly ask: (question: string, io: Io) => Promise<string>;
}
