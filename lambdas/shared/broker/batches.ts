import { BodyNotKeptError } from './claim-check.ts';
import { maxMessageBytes, type SqsMessage, sqsMessageBytes } from './envelope.ts';
import type { Refused } from './report.ts';

/** A message to be sent. It is encoded when its turn comes, so that of a large one not all copies are in memory at once. */
export interface Sendable {
  /** Never before those of its group that stand before it: of a FIFO queue. Default: in any order. */
  readonly group?: string | undefined;
  /** Throws when the message cannot be sent. */
  readonly encode: () => Promise<SqsMessage>;
}

export interface Entry {
  /** Of its message, among those to be sent. */
  readonly index: number;
  readonly message: SqsMessage;
  /** A call that carried the entry got no answer: whatever a later try says, it may be stored already. */
  mayBeStored: boolean;
}

/** It was not sent, and will not be. */
export interface NotSent {
  readonly index: number;
  readonly refused: Refused;
}

/** SQS takes at most 10 entries and 1 MiB in total per call, and 1 MiB per message (SQS, quotas-messages). */
const maxBatchEntries = 10;

/** In order, as full as the limits allow. One is filled when the one before it is done with. `indexes`: those to be packed. Default: all. */
export async function* packBatches(
  messages: readonly Sendable[],
  indexes: Iterable<number> = messages.keys(),
): AsyncGenerator<Entry[] | NotSent> {
  let batch: Entry[] = [];
  let room = maxMessageBytes;
  for (const index of indexes) {
    const sendable = messages[index];
    if (!sendable) continue;
    const entry = await encodeEntry(sendable, index);
    if ('refused' in entry) {
      yield entry;
      continue;
    }
    const bytes = sqsMessageBytes(entry.message);
    if (batch.length > 0 && (batch.length === maxBatchEntries || bytes > room)) {
      yield batch;
      batch = [];
      room = maxMessageBytes;
    }
    batch.push(entry);
    room -= bytes;
  }
  if (batch.length > 0) yield batch;
}

/** Of a message of which nothing is sent. Another time S3 may keep its body; what cannot be encoded never can. */
export function whyNotEncoded(error: unknown): Refused {
  if (error instanceof BodyNotKeptError) return { outcome: 'refused', reason: error.message };
  return refusedForEver(`it cannot be encoded: ${String(error)}`);
}

export function refusedForEver(reason: string): Refused {
  return { outcome: 'refused', reason, permanent: true };
}

async function encodeEntry({ encode }: Sendable, index: number): Promise<Entry | NotSent> {
  try {
    const message = await encode();
    const bytes = sqsMessageBytes(message);
    if (bytes <= maxMessageBytes) return { index, message, mayBeStored: false };
    return { index, refused: refusedForEver(`${bytes} bytes with its envelope; SQS takes ${maxMessageBytes}`) };
  } catch (error) {
    return { index, refused: whyNotEncoded(error) };
  }
}
