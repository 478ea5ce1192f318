import { z } from 'zod';

/** Of one request: what fits into the time of one function, with room for a table that answers slowly. */
export const mostParked = 500;

/** Some messages of a queue, moved into the exceptions table. Repeated it moves others, and none twice. */
export const parkRequestSchema = z.strictObject({
  who: z.string().min(1).max(200),
  why: z.string().min(1).max(1000),
  queue: z.strictObject({ vhost: z.string(), name: z.string().min(1) }),
  /** How many at most. */
  most: z.int().min(1).max(mostParked),
  /** ISO 8601. What was sent later stays. Default: nothing does. */
  sent_until: z.iso.datetime().optional(),
});

export type ParkRequest = Readonly<z.infer<typeof parkRequestSchema>>;

/**
 * `parked`: rows now, and no longer in the queue. `later`: they were sent too late to be meant. `not_stored`: they stay. These two stay hidden for half
 * a minute, so that the next request does not receive them again.
 */
export const parkAnswerSchema = z.object({
  parked: z.int().nonnegative(),
  later: z.int().nonnegative(),
  not_stored: z.int().nonnegative(),
});

export type ParkAnswer = Readonly<z.infer<typeof parkAnswerSchema>>;
