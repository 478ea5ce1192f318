import { pause } from '../../../lambdas/shared/pause.ts';
import { lambdaOfStage } from '../publish/destination.ts';
import { listenForInterrupts } from '../publish/interrupts.ts';
import { createLambdaPages } from './lambda-pages.ts';
import type { RebuildDeps } from './options.ts';

/** The real one. Loaded only when the cache is rebuilt: the AWS SDK takes longer to load than other commands to run. */
export const world: RebuildDeps = {
  async reach(stage) {
    const { lambda, functionName } = await lambdaOfStage(stage, 'OrderCacheRebuildFunction');
    return createLambdaPages(lambda, functionName);
  },
  listenForInterrupts: (io) => listenForInterrupts(io, Date.now, 'the rest can be done later'),
  pause,
  now: Date.now,
};
