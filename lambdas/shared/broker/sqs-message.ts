import { createHash } from 'node:crypto';
import type { Copy } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import { orderKeyOf } from '../../../rabbitmq/ordering/order-key.ts';
import { type Stamp, stampAttributes } from '../partitions/stamp.ts';
import type { Claimed } from './claim.ts';
import { encodeToFit, type Keep } from './claim-check.ts';
import { encodeMessage, maxMessageBytes, type SqsMessage, sqsMessageBytes } from './envelope.ts';
import { withoutTime } from './without-time.ts';

/** Messages without a key are one group, as the whole queue is where no key is named: in order, as a single active consumer reads it. */
const wholeQueue = 'queue';

/** The message group of a copy for a FIFO queue; undefined for any other queue. */
export function groupOf({ queue, message }: Pick<Copy, 'queue' | 'message'>): string | undefined {
  if (!queue.singleActiveConsumer) return undefined;
  const key = queue.orderBy && orderKeyOf(message, queue.orderBy);
  // A key may be longer than the 128 characters SQS takes, and hold others than it takes.
  return key === undefined ? wholeQueue : createHash('sha256').update(key).digest('hex');
}

/** What is sent to SQS for a copy, of a FIFO queue as one of its group. The delay is one SQS takes, rounded up to its seconds. Throws when its body cannot be kept. */
export function toSqsMessage(
  { message, delayMs }: Pick<Copy, 'message' | 'delayMs'>,
  { group, stamp }: { readonly group: string | undefined; readonly stamp?: Stamp | undefined },
  keep: Keep,
): Promise<SqsMessage> {
  const seconds = Math.ceil(delayMs / 1000);
  const addition = {
    ...(seconds > 0 && { DelaySeconds: seconds }),
    ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: fingerprintOf(message) }),
  };
  const encode = (one: Message | Claimed): SqsMessage => {
    const { MessageAttributes, ...encoded } = encodeMessage(one);
    return {
      ...encoded,
      ...addition,
      MessageAttributes: { ...MessageAttributes, ...(stamp && stampAttributes(stamp)) },
    };
  };
  return encodeToFit(message, { encode, bytesOf: sqsMessageBytes, mostBytes: maxMessageBytes }, keep);
}

/**
 * Within five minutes SQS takes a message of one fingerprint once, so a send that is repeated after a lost reply is stored once. The
 * event id alone will not do: a publisher may give several messages one id, and a letter dies again with more deaths in its headers.
 */
function fingerprintOf({ exchange, routingKeys, bcc, properties, headers, payload, payloadEncoding }: Message): string {
  const identity = [exchange, routingKeys, bcc, withoutTime(properties), headers, payload, payloadEncoding];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
