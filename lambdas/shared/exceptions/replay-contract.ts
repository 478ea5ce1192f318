import { z } from 'zod';
import { exceptionStates } from './exception-row.ts';

/** Of one request: what fits into the time of one function. */
export const mostReplays = 100;

/** Rows as their operator saw them. A repeated request with one replay id sends nothing twice that was sent for it before. */
export const replayRequestSchema = z.strictObject({
  replay_id: z.uuid(),
  who: z.string().min(1).max(200),
  why: z.string().min(1).max(1000),
  rows: z
    .array(
      z.strictObject({
        event_id: z.string().min(1),
        source: z.string().min(1),
        version: z.int().nonnegative(),
        state: z.enum(exceptionStates),
        /** Those of one lane are sent one after another, as they stand here. Default: beside all others. */
        lane: z.string().optional(),
      }),
    )
    .min(1)
    .max(mostReplays),
});

export type ReplayRequest = Readonly<z.infer<typeof replayRequestSchema>>;

/**
 * `sent`: its message is in its queue again. `done`: it was sent where nobody tells what comes of it, and the row is resolved. `changed`: the row is
 * not as it was seen; nothing was done. `gone`: there is no such row. `failed`: its message was not stored, and the row is as it was before, or open;
 * `reason` says why. `behind`: one before it in its lane was not sent, so nothing was done: it would have overtaken that.
 */
export const replayOutcomes = ['sent', 'done', 'changed', 'gone', 'failed', 'behind'] as const;
export type ReplayOutcome = (typeof replayOutcomes)[number];

export const replayAnswerSchema = z.object({
  rows: z.array(
    z.object({
      event_id: z.string(),
      source: z.string(),
      outcome: z.enum(replayOutcomes),
      reason: z.string().optional(),
    }),
  ),
});

export type ReplayAnswer = Readonly<z.infer<typeof replayAnswerSchema>>;
