import { createHash } from 'node:crypto';
import type { Copy } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import { encodeMessage, type SqsMessage } from './envelope.ts';

/** SQS delays a message by at most 15 minutes, and on standard queues only (SQS, quotas-queues). */
const longestDelaySeconds = 900;
/** The whole queue is one group: in order, as a single active consumer reads it. */
const wholeQueue = 'queue';

/** What is sent to SQS for a copy; why it cannot be, where SQS has no such delay: nothing is clamped. */
export function toSqsMessage({ message, queue, delayMs }: Copy): SqsMessage | { readonly refused: string } {
  const seconds = Math.ceil(delayMs / 1000);
  if (seconds > longestDelaySeconds) {
    return { refused: `a delay of ${delayMs} ms is longer than SQS's ${longestDelaySeconds} s` };
  }
  if (queue.singleActiveConsumer && seconds > 0) return { refused: 'a FIFO queue takes no delayed message' };
  return {
    ...encodeMessage(message),
    ...(seconds > 0 && { DelaySeconds: seconds }),
    ...(queue.singleActiveConsumer && { MessageGroupId: wholeQueue, MessageDeduplicationId: fingerprintOf(message) }),
  };
}

/**
 * Within five minutes SQS takes a message of one fingerprint once, so a send that is repeated after a lost reply is stored once. The
 * event id alone will not do: a publisher may give several messages one id, and a letter dies again with more deaths in its headers.
 */
function fingerprintOf({ exchange, routingKeys, properties, headers, payload }: Message): string {
  return createHash('sha256')
    .update(JSON.stringify([properties.message_id, exchange, routingKeys, headers, payload]))
    .digest('hex');
}
