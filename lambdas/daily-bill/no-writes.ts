import type { Claims } from '../shared/broker/claim-check.ts';
import type { Outbox } from '../shared/outbox/outbox.ts';

/** This function changes neither orders nor refunds: it may not, and their stores are given nothing to do it by. */
export const noOutbox: Outbox = {
  async write() {
    throw new Error('a bill is compared, and nothing is written for it');
  },
};

/** A payment takes a few hundred bytes: it always fits into the row of its exception, and nothing of it goes to S3. */
export const noClaims: Pick<Claims, 'keep'> = {
  async keep() {
    throw new Error('a payment is too large for the row of an exception');
  },
};
