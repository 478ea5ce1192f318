import { z } from 'zod';

/** Go through the whole ledger, and count what is not counted yet. What is counted stays as it is, so it may be asked as often as one likes. */
export const recountSchema = z.strictObject({
  after: z.string().min(1).optional().describe('Go on behind the entry of this order, as an earlier answer said.'),
});

export interface Recounted {
  /** Entries of the ledger. */
  readonly read: number;
  /** Of these, how many were missing, and are in the balance now. */
  readonly counted: number;
  /** Orders whose entries are none as we know them. */
  readonly unreadable: readonly string[];
  /** The time was over: ask again, with this as `after`. Undefined: that was all. */
  readonly next: string | undefined;
}
