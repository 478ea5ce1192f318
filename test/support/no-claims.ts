import type { Claims } from '../../lambdas/shared/broker/claim-check.ts';

const refuse = async (): Promise<never> => {
  throw new Error('no body is too large for SQS here');
};

/** Of a run in which every body fits into SQS. */
export const noClaims: Claims = { keep: refuse, fetch: refuse };
