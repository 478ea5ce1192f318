import { pause } from '../../../lambdas/shared/pause.ts';

/** Holds back what would be more messages a second than asked for. */
export interface Pace {
  /** Until so many more may go; no longer once it is told to stop. */
  before(messages: number, stop: AbortSignal): Promise<void>;
}

export const unlimited: Pace = { before: async () => {} };

/** `now` in milliseconds. */
export function createPace(perSecond: number, now: () => number, wait: typeof pause = pause): Pace {
  let free = now();
  return {
    async before(messages, stop) {
      const early = free - now();
      if (early > 0) await wait(early, stop);
      free = Math.max(free, now()) + (messages / perSecond) * 1000;
    },
  };
}
