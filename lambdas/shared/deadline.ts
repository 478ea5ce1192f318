import type { Context } from 'aws-lambda';

/** Kept back for the answer: a thousand reports take part of a second to write and to send on a small function. */
const reservedShare = 0.1;
const mostReservedMs = 2_000;

/**
 * Aborts before Lambda ends the function, by a tenth of the time left, at most two seconds: a function that is killed answers nothing, and
 * its caller cannot tell what was sent. Whoever waits for something outside takes the signal, stops, and says what it does not know.
 */
export function deadlineOf(
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  after: (milliseconds: number) => AbortSignal = AbortSignal.timeout,
): AbortSignal {
  const left = Math.max(0, context.getRemainingTimeInMillis());
  return after(Math.floor(left - Math.min(left * reservedShare, mostReservedMs)));
}
