import { z } from 'zod';
import { moveKeysSchema } from './key-mapping.ts';

const keySchema = z.record(z.string(), z.string());
const time = z.iso.datetime();

/** What has been copied, and from where it goes on. */
const copySchema = z.object({
  /** `prune`: what the target has and the source has no more is taken out of it. */
  phase: z.enum(['copy', 'prune', 'finished']),
  /** The last key that is done. */
  after: keySchema.optional(),
  copied: z.int(),
  /** The follower had been there before. */
  newer: z.int(),
  pruned: z.int(),
});

const comparisonSchema = z.object({
  started_at: time,
  /** `again`: what differed is read once more, for it may have been on its way. */
  phase: z.enum(['source', 'target', 'again', 'finished']),
  after: keySchema.optional(),
  /** Where it goes on, when what differed so far was too much to keep, and is looked at `again` before the rest. */
  goesOn: z.enum(['source', 'target']).optional(),
  rounds: z.int(),
  equal: z.int(),
  /** Keys of the source. */
  suspects: z.array(keySchema),
  finished_at: time.optional(),
  missing: z.int(),
  extra: z.int(),
  different: z.int(),
});

export const moveSteps = ['stopped', 'copying', 'reading', 'closing', 'written', 'returning', 'done'] as const;
export type MoveStep = (typeof moveSteps)[number];

const operatorSchema = z.object({ who: z.string().min(1).max(500), why: z.string().trim().min(1).max(1000) });
export type Operator = Readonly<z.infer<typeof operatorSchema>>;
export { operatorSchema };

export const moveSchema = z.object({
  /** As the stack calls it. */
  table: z.string(),
  target: z.string(),
  /** As they were declared when it was started. */
  keys: moveKeysSchema,
  step: z.enum(moveSteps),
  /** Whose changes are copied to the other table. */
  following: z.enum(['source', 'target', 'none']),
  /** One more with each start: what changes of an earlier one said of a key counts no more, so that it is copied again. */
  epoch: z.int(),
  /** One more with each change of this row. */
  version: z.int(),
  started: operatorSchema.extend({ at: time }),
  changed: operatorSchema.extend({ at: time }),
  /** Since then writers are refused. */
  closed_at: time.optional(),
  /** Since then both are equal and nothing is followed, and what was is no longer on its way some seconds later; reads have changed sides. */
  sealed_at: time.optional(),
  /** Items a second. */
  rate: z.int().positive(),
  copy: copySchema,
  comparison: comparisonSchema.optional(),
  /** Who works at it. */
  lease: z.object({ id: z.string(), until: time }).optional(),
});

export type Move = Readonly<z.infer<typeof moveSchema>>;
export type Comparison = Readonly<z.infer<typeof comparisonSchema>>;

/** Which of the two tables. */
export type Side = 'source' | 'target';

export interface Route {
  /** `both`: the target's answer, and the source's where they differ. */
  readonly reads: Side | 'both';
  readonly writes: Side | 'closed';
}

const routes: Readonly<Record<MoveStep, Route>> = {
  stopped: { reads: 'source', writes: 'source' },
  copying: { reads: 'source', writes: 'source' },
  reading: { reads: 'both', writes: 'source' },
  closing: { reads: 'both', writes: 'closed' },
  written: { reads: 'target', writes: 'target' },
  returning: { reads: 'target', writes: 'closed' },
  done: { reads: 'target', writes: 'target' },
};

/**
 * Where a table is read and written that has no such row, or this one. Once it is sealed, both are equal and stay so: it is read then as when writes are
 * open on the other side. Whoever went on reading as before would not see the first of those writes.
 */
export function routeOf(move: Pick<Move, 'step' | 'sealed_at'> | undefined): Route {
  const step = move?.step ?? 'stopped';
  if (move?.sealed_at !== undefined && step === 'closing') return { ...routes.closing, reads: routes.written.reads };
  if (move?.sealed_at !== undefined && step === 'returning')
    return { ...routes.returning, reads: routes.reading.reads };
  return routes[step];
}

export function isEqual(comparison: Comparison | undefined): boolean {
  return comparison?.phase === 'finished' && comparison.suspects.length === 0;
}

/** How long each wait of a move is, in milliseconds. */
export interface MoveTimes {
  /** How old what a function knows of the step may be. */
  readonly maxAgeMs: number;
  /** One call of DynamoDB with all its tries. */
  readonly longestRequestMs: number;
  /** How long a follower may live. */
  readonly followerMs: number;
  /** Writes are opened again where they were, when they have been closed for so long. */
  readonly closedAtMostMs: number;
}
