import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer holds; after `withinMs` the last answer is given, whatever it is. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  withinMs: number,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer) || Date.now() > deadline) return answer;
    await sleep(100);
  }
}
