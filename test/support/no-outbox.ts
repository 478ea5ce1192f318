import type { Outbox } from '../../lambdas/shared/outbox/outbox.ts';

/** Of a publisher in whose run nothing is written. */
export const noOutbox: Outbox = {
  write: () => {
    throw new Error('Not implemented');
  },
};
