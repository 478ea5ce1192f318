import { z } from 'zod';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Replayed } from './exceptions.ts';

/** Says of a message that it is sent again for an exception, and for which. */
export const replayHeader = 'x-replay';

const headerSchema = z.object({ row: z.string(), id: z.string() });

export function withReplay(message: Message, { row, replayId }: Replayed): Message {
  return { ...message, headers: { ...message.headers, [replayHeader]: { row, id: replayId } } };
}

/** Undefined for a message that is not sent again; one with a header of another make is none either. */
export function replayedIn({ properties, headers }: Pick<Message, 'properties' | 'headers'>): Replayed | undefined {
  const { success, data } = headerSchema.safeParse(headers[replayHeader]);
  return success ? { eventId: properties.message_id, row: data.row, replayId: data.id } : undefined;
}
