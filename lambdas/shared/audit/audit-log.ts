import { z } from 'zod';

/** What something was before an act, or is after it: `{ state: 'Enabled' }`, `{ maximumConcurrency: 10 }`. */
const settingsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

const rowSchema = z.object({
  /** What was acted on, such as `consumer orders`. */
  subject: z.string(),
  /** ISO 8601. */
  at: z.string(),
  act: z.string(),
  who: z.string(),
  why: z.string(),
  before: settingsSchema,
  after: settingsSchema,
});

export type AuditRow = Readonly<z.infer<typeof rowSchema>>;
export type OperatorAct = Omit<AuditRow, 'at'>;

const surgeSchema = z.object({
  subject: z.string(),
  at: z.string(),
  who: z.string(),
  why: z.string(),
  /** UUID of the event source mapping. */
  mapping: z.string(),
  /** Its MaximumConcurrency, to be set back, and what it is meanwhile. */
  before: z.number(),
  during: z.number(),
});

/** A consumer works with more concurrency than it was deployed with, until that is set back. */
export type Surge = Readonly<z.infer<typeof surgeSchema>>;
export type NewSurge = Omit<Surge, 'at'>;

/**
 * Who did what to the deployed system, and why. An act MUST be stored when `record` returns: it is called before the act, so that no crash
 * leaves an act without a row. Rows are never changed. Of a subject at most one surge MUST be in force, whoever else opens one at the same
 * moment: what the second finds is not what was there before the first.
 */
export interface AuditLog {
  record(act: OperatorAct): Promise<void>;
  /** Oldest first; of one subject, or of all. */
  list(subject?: string): Promise<readonly AuditRow[]>;
  /** False: one is in force already. */
  openSurge(surge: NewSurge): Promise<boolean>;
  surges(): Promise<readonly Surge[]>;
  closeSurge(subject: string): Promise<void>;
}

export const auditRow = (item: unknown): AuditRow => rowSchema.parse(item);
export const surgeOf = (item: unknown): Surge => surgeSchema.parse(item);
