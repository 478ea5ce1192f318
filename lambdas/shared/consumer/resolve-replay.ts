import type { Message } from '../../../rabbitmq/message.ts';
import type { Claimed } from '../broker/claim.ts';
import type { Exceptions } from '../exceptions/exceptions.ts';
import { replayedIn } from '../exceptions/replay-header.ts';

/** A message that was sent again for an exception is handled, or dead-lettered: the exception is done with. Others cost nothing. */
export type ResolveReplay = (message: Message | Claimed) => Promise<void>;

export function createResolveReplay(exceptions: Pick<Exceptions, 'resolve'>): ResolveReplay {
  return async (message) => {
    const replayed = replayedIn(message);
    if (replayed) await exceptions.resolve(replayed);
  };
}
