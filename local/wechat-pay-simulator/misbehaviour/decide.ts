import { createHash } from 'node:crypto';
import type { Misbehaviour } from './misbehaviour.ts';

type Share = Exclude<keyof Misbehaviour, 'seed' | 'lateSeconds' | 'outageSeconds' | 'slowMs'>;

/** Whether it happens to this subject: an order number, a request. */
export type Decide = (what: Share, subject: string) => boolean;

/** A hash and no generator: a decision must not depend on how many were made before it, which concurrency changes. */
export function decideBy(misbehaviour: Misbehaviour): Decide {
  return (what, subject) => chanceOf(misbehaviour.seed, what, subject) < misbehaviour[what];
}

/** At least 0, below 1. */
function chanceOf(seed: number, what: string, subject: string): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([seed, what, subject]))
    .digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
