import type { Context } from 'aws-lambda';

/** Kept back for the answer: a thousand reports take part of a second to write and to send on a small function. */
const forTheAnswer = { share: 0.1, mostMs: 2_000 };
/** Of that, what is left once records are settled. */
const afterSettling = { share: 0.05, mostMs: 1_000 };

type TimeLeft = Pick<Context, 'getRemainingTimeInMillis'>;
type After = (milliseconds: number) => AbortSignal;

/**
 * Aborts before Lambda ends the function, by a tenth of the time left, at most two seconds: a function that is killed answers nothing, and
 * its caller cannot tell what was sent. Whoever waits for something outside takes the signal, stops, and says what it does not know.
 */
export function deadlineOf(context: TimeLeft, after: After = AbortSignal.timeout): AbortSignal {
  return after(timeWithout(forTheAnswer, context));
}

/**
 * The same for settling records, later: by a twentieth, at most one second. Their own work, or that of the record before them, may have taken all
 * the time there was for it; what is not handed back waits for the queue's whole visibility timeout, whatever its retry delay.
 */
export function settlementDeadlineOf(context: TimeLeft, after: After = AbortSignal.timeout): AbortSignal {
  return after(timeWithout(afterSettling, context));
}

function timeWithout({ share, mostMs }: typeof forTheAnswer, context: TimeLeft): number {
  const left = Math.max(0, context.getRemainingTimeInMillis());
  return Math.floor(left - Math.min(left * share, mostMs));
}
