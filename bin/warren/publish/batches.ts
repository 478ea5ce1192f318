import type { OpenMessage } from './message-line.ts';

export interface BatchLimits {
  readonly messages: number;
  /** A message that is larger goes alone. */
  readonly bytes: number;
}

/** In order, as full as the limits allow; a batch is all that is held of the input. */
export async function* inBatches(
  messages: AsyncIterable<OpenMessage>,
  limits: BatchLimits,
): AsyncGenerator<OpenMessage[]> {
  let batch: OpenMessage[] = [];
  let bytes = 0;
  for await (const message of messages) {
    if (batch.length > 0 && bytes + message.bytes > limits.bytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(message);
    bytes += message.bytes;
    // At once, for the next message may be long in coming.
    if (batch.length === limits.messages) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
  }
  if (batch.length > 0) yield batch;
}
