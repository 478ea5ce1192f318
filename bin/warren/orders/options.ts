import type { ReadStoryDeps } from '../../../lambdas/shared/story/read-story.ts';

/** What a run needs of the world. */
export interface OrdersDeps {
  /** Throws a `UsageError` when the stage has no orders. */
  readonly reach: (stage: string) => Promise<ReadStoryDeps>;
  readonly now: () => Date;
}
