import type { Message } from '../../../rabbitmq/message.ts';
import { replayedIn } from '../exceptions/replay-header.ts';

/**
 * How often the handling of a message has failed, which is what a delivery limit is about. SQS counts receives instead, and a receive may be
 * none of the message's fault: no time was left, a lock was held, a body could not be fetched.
 */
export interface Failures {
  /** Counts one more; all so far. */
  add(id: string): Promise<number>;
  count(id: string): Promise<number>;
  /** The message has left its queue: if it ever comes back to it, it starts anew. */
  forget(id: string): Promise<void>;
}

/**
 * What the failures of a message are counted under: its event id, and the replay that sent it again, if one did. So each replay starts anew,
 * also of what a sweep, a park or SQS took out of its queue, where nobody forgets.
 */
export function countedUnder(message: Pick<Message, 'properties' | 'headers'>): string {
  const { message_id } = message.properties;
  const replayed = replayedIn(message);
  return replayed ? `${message_id}#${replayed.replayId}` : message_id;
}
