import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so long, at the deadline no longer. */
export async function pause(milliseconds: number, deadline?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal: deadline });
  } catch (error) {
    if (!deadline?.aborted) throw error;
  }
}
