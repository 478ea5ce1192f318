import { mostActions } from '../../../lambdas/shared/outbox/most-actions.ts';
import { mostMessages } from '../../../lambdas/shared/publishing/contract.ts';
import type { Io } from '../io.ts';
import type { Destination, Reached } from './destination.ts';
import type { PublishMode } from './producer.ts';

/** Messages in a request, unless somebody asks for fewer. */
export function mostInBatch(mode: PublishMode): number {
  return mode === 'outbox' ? mostActions : mostMessages;
}

/** What was typed, checked. */
export interface PublishOptions {
  readonly destination: Destination;
  readonly mode: PublishMode;
  readonly vhost: string;
  readonly payload?: string | undefined;
  /** Messages in a request at most; in mode tx, in a transaction. */
  readonly batch: number;
  /** Messages a second at most. */
  readonly rate?: number | undefined;
  readonly unconfirmed?: string | undefined;
  readonly json: boolean;
}

export interface Interrupts {
  /** Somebody wants it to stop. */
  readonly stop: AbortSignal;
  /** Somebody wants it to stop now. */
  readonly giveUp: AbortSignal;
  release(): void;
}

/** What a run needs of the world. */
export interface PublishDeps {
  /** Throws a `UsageError` when there is nothing to publish to. */
  readonly reach: (destination: Destination) => Promise<Reached>;
  readonly listenForInterrupts: (io: Pick<Io, 'stderr'>) => Interrupts;
  readonly newEventId: () => string;
  /** In milliseconds. */
  readonly now: () => number;
}
