import type { Queue } from '../topology.ts';

/** What waits in a queue to be delivered. What consumers hold unacked does not count (docs/maxlength; seen on 3.10.8 to 4.3.6). */
export interface Ready {
  readonly messages: number;
  /** Of their bodies alone, without properties and headers. */
  readonly bytes: number;
}

/** What a queue does about a publisher's message: store it, refuse it (nack), or refuse it and dead-letter it as `maxlen`. */
export type Admission = 'store' | 'refuse' | 'dead-letter';

export type Limited = Pick<Queue, 'type' | 'overflow' | 'maxLength' | 'maxLengthBytes' | 'delayQueue'>;

export function hasLengthLimit({ maxLength, maxLengthBytes }: Limited): boolean {
  return maxLength !== undefined || maxLengthBytes !== undefined;
}

/**
 * Does it refuse what is over its limit? Without `overflow`, and as a quorum queue with `reject-publish-dlx`, a queue drops its oldest
 * messages instead (rule 4.11.4; seen on 3.10.8 to 4.3.6). A delay queue has no length that anybody could know.
 */
export function refusesOverflow(queue: Limited): boolean {
  if (queue.delayQueue || !hasLengthLimit(queue)) return false;
  return queue.overflow === 'reject-publish' || deadLettersOverflow(queue);
}

/** Classic queues only (rule 4.11.4). */
export function deadLettersOverflow({ type, overflow, delayQueue, ...limits }: Limited): boolean {
  return overflow === 'reject-publish-dlx' && type === 'classic' && !delayQueue && hasLengthLimit({ type, ...limits });
}

/**
 * As classic queues decide: a message goes in if the queue is within its limits with it (seen on 3.10.8 to 4.3.6; quorum queues notice one
 * message later, and later still in a burst, rule 4.11.3).
 */
export function admit(queue: Limited, ready: Ready, bodyBytes: number): Admission {
  const { maxLength = Infinity, maxLengthBytes = Infinity } = queue;
  const fits = ready.messages + 1 <= maxLength && ready.bytes + bodyBytes <= maxLengthBytes;
  if (fits || !refusesOverflow(queue)) return 'store';
  return deadLettersOverflow(queue) ? 'dead-letter' : 'refuse';
}
