import type { DeskAnswers, DeskRequest, DeskRequestOf } from '../../../lambdas/shared/refunds/desk-contract.ts';

/** The function `refund-desk` did not answer, or failed: what it did is not known. */
export class DeskNotAnsweredError extends Error {
  override readonly name = 'DeskNotAnsweredError';
}

/** Each throws a `DeskNotAnsweredError`. */
export type Desk = {
  readonly [Act in DeskRequest['act']]: (request: Omit<DeskRequestOf<Act>, 'act'>) => Promise<DeskAnswers[Act]>;
};

export interface ReachedDesk {
  readonly desk: Desk;
  /** Whose credentials these are. */
  readonly caller: () => Promise<string>;
}

/** What a run needs of the world. */
export interface RefundsDeps {
  /** Throws a `UsageError` when the stage has no desk. */
  readonly reach: (stage: string) => Promise<ReachedDesk>;
  /** Of a refund: letters and digits, at most 60. */
  readonly newNumber: () => string;
  readonly now: () => Date;
}

/** Of every command that acts. */
export interface ActOptions {
  readonly stage: string;
  readonly reason: string;
  /** Default: whose credentials these are. */
  readonly who?: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}
