import { z } from 'zod';

/** An exception as a notice names it: nothing of its message, and no words of its error. */
const exampleSchema = z.object({
  event_id: z.string(),
  /** The row's key beside the event id. */
  source: z.string(),
  business_key: z.string().optional(),
  /** ISO 8601: its last occurrence. */
  at: z.string(),
});

export type Example = Readonly<z.infer<typeof exampleSchema>>;

/** One thing that somebody did about a kind of failure. */
const actSchema = z.object({ at: z.string(), who: z.string(), act: z.string(), why: z.string() });

/** Whoever has put it there is telling on-call, until then; after that nobody is. */
const sendingSchema = z.object({ kind: z.enum(['notice', 'escalation']), id: z.string(), until: z.string() });

/** What on-call knows of one kind of failure. Times are ISO 8601, which sorts as text. */
const noticeSchema = z.object({
  fingerprint: z.string(),
  /** One more with every change. */
  version: z.number(),
  place: z.string(),
  error_name: z.string(),
  impact: z.string().optional(),
  /** Of those that are not told yet; when all are, of those that were told last. */
  first: exampleSchema,
  last: exampleSchema,
  /** Times that something came since the last notice. A stream's repeats are among them: how many there are says the exceptions table. */
  untold: z.number(),
  /** What failed from then on was not told when the last notice was sent. */
  untold_from: z.string(),
  /** Of the first exception since it last was quiet for a window; `told` and the table's count begin with it. */
  counted_from: z.string(),
  /** Until then what comes is only counted. */
  window_ends_at: z.string(),
  /** How many all notices since then have told of. */
  told: z.number(),
  sending: sendingSchema.optional(),
  /** Of the first notice that nobody has acknowledged; absent while nobody need do anything. */
  alerted_at: z.string().optional(),
  escalated_at: z.string().optional(),
  history: z.array(actSchema),
  /** Seconds, as DynamoDB's TTL wants them. */
  expires_at: z.number().optional(),
});

export type NoticeRow = Readonly<z.infer<typeof noticeSchema>>;

export const noticeRow = (item: unknown): NoticeRow => noticeSchema.parse(item);
