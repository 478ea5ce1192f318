import type { Decoded } from '../../../lambdas/shared/order-numbers/contract.ts';

/** What a run needs of the world. */
export interface IdsDeps {
  /** Throws a `UsageError` when the stage gives out no order numbers, a `NotInvokedError` when the function does not answer. */
  readonly decode: (orderNumber: string, stage: string) => Promise<Decoded>;
}
