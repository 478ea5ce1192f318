import type { AuditLog } from '../../../lambdas/shared/audit/audit-log.ts';
import type { MoverAnswer, MoverRequest } from '../../../lambdas/shared/table-moves/mover-contract.ts';
import type { Io } from '../io.ts';
import type { Interrupts } from '../publish/options.ts';

/** The function `table-mover` did not answer, or failed: what it did is not known. */
export class MoverNotAnsweredError extends Error {
  override readonly name = 'MoverNotAnsweredError';
}

export interface ReachedMover {
  /** Throws a `MoverNotAnsweredError`. */
  readonly ask: (request: MoverRequest) => Promise<MoverAnswer>;
  readonly audit: Pick<AuditLog, 'record'>;
  /** Whose credentials these are. */
  readonly caller: () => Promise<string>;
}

/** What a run needs of the world. */
export interface TablesDeps {
  /** Undefined: the stage was deployed without a table move. Throws a `UsageError` when there is no such stage. */
  readonly reach: (stage: string) => Promise<ReachedMover | undefined>;
  readonly listenForInterrupts: (io: Pick<Io, 'stderr'>, whatOfTheRest: string) => Interrupts;
  readonly pause: (milliseconds: number, stop?: AbortSignal) => Promise<void>;
  /** In milliseconds. */
  readonly now: () => number;
}

export interface ListOptions {
  readonly stage: string;
  readonly json: boolean;
}

/** Of every command that acts. */
export interface ActOptions extends ListOptions {
  readonly reason: string;
  /** Default: whose credentials these are. */
  readonly who?: string | undefined;
  readonly yes: boolean;
  /** Not to be waited for: the schedule goes on with it. */
  readonly wait: boolean;
}
