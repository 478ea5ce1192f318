import type { Answer } from '../deliver.ts';
import type { Time } from '../time.ts';

/** Five seconds, on nobody's scaled clock: the merchant's answer takes what it takes. */
const answerWithinMs = 5_000;

/** The answer to what was posted. One that comes too late, or not at all, has the status 0. */
export async function answerInTime(posted: Promise<Answer>, time: Time): Promise<Answer> {
  const answered = new AbortController();
  const tooLate = time.sleep(answerWithinMs, answered.signal).then(() => noAnswer(`none within ${answerWithinMs} ms`));
  const answer = posted.catch((error: unknown) => noAnswer(String(error)));
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    answered.abort();
  }
}

function noAnswer(body: string): Answer {
  return { status: 0, body };
}
