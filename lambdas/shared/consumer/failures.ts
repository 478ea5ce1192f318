/**
 * How often the handling of a message has failed, which is what a delivery limit is about. SQS counts receives instead, and a receive may be
 * none of the message's fault: no time was left, a lock was held, a body could not be fetched.
 */
export interface Failures {
  /** Counts one more; all so far. */
  add(eventId: string): Promise<number>;
  count(eventId: string): Promise<number>;
  /** The message has left its queue: if it ever comes back to it, it starts anew. */
  forget(eventId: string): Promise<void>;
}
