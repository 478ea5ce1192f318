import type { Operator } from '../exceptions/exception-store.ts';
import { acknowledged } from './notice-changes.ts';
import { changeNotice, type Notices } from './notices.ts';

/**
 * Ends the escalation of a fingerprint, and leaves who, why and when in its history. False when on-call waits for nobody: it was never told
 * of it, somebody has acknowledged before, or nothing of it is open any more. The next notice begins anew.
 */
export async function acknowledge(
  notices: Pick<Notices, 'get' | 'put'>,
  fingerprint: string,
  operator: Operator,
  now: Date,
): Promise<boolean> {
  return (await changeNotice(notices, fingerprint, (row) => acknowledged(row, operator, now))) !== undefined;
}
