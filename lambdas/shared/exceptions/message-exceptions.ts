import { createHash } from 'node:crypto';
import type { Message } from '../../../rabbitmq/message.ts';
import { labelOf } from '../../../rabbitmq/plan/queue-label.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import type { Operations } from '../../../rabbitmq/topology.ts';
import { type Claimed, claimOf } from '../broker/claim.ts';
import { type Claims, encodeToFit, keepingOnce } from '../broker/claim-check.ts';
import { encodeMessage, envelopeAttribute, type SqsMessage } from '../broker/envelope.ts';
import { type Exceptions, mostContentBytes, type NewException } from './exceptions.ts';
import { redacted } from './personal-fields.ts';

export interface MessageExceptionsDeps {
  readonly claims: Pick<Claims, 'keep'>;
  readonly exceptions: Pick<Exceptions, 'open'>;
}

/** Where the message was, and what ended its time there. */
export interface EndOfMessage
  extends Pick<NewException, 'reason' | 'error' | 'state' | 'businessKey' | 'operator' | 'queued'> {
  readonly queue: QueueAddress & { readonly operations?: Operations | undefined };
}

/**
 * Keeps the whole message as an exception: it is stored when this returns. A body that lies in S3 stays there; what is too large for a row,
 * body or headers, goes there.
 */
export type KeepMessage = (message: Message | Claimed, end: EndOfMessage, deadline?: AbortSignal) => Promise<void>;

export function createMessageExceptions({ claims, exceptions }: MessageExceptionsDeps): KeepMessage {
  return async (message, end, deadline) => {
    // A body too large for a row goes to S3, as it would for SQS.
    const sqs =
      'claim' in message ? encodeMessage(message) : await encodeToFit(message, rowForm, keepingOnce(claims, deadline));
    await exceptions.open({ ...exceptionOf(message, end), ...(await contentOf(sqs, deadline)) });
  };

  async function contentOf(sqs: SqsMessage, deadline: AbortSignal | undefined) {
    const content = { body: sqs.MessageBody, envelope: envelopeOf(sqs) };
    if (rowForm.bytesOf(sqs) <= mostContentBytes) return content;
    const { claim, body } = claimOf({ payload: content.envelope, payloadEncoding: 'string' });
    await claims.keep(claim.key, body, deadline);
    return { body: content.body, envelopeKey: claim.key };
  }
}

const rowForm = {
  encode: encodeMessage,
  bytesOf: (sqs: SqsMessage) => Buffer.byteLength(sqs.MessageBody) + Buffer.byteLength(envelopeOf(sqs)),
  mostBytes: mostContentBytes,
};

function exceptionOf(
  message: Message | Claimed,
  { queue, reason, error, state, businessKey, operator, queued }: EndOfMessage,
): NewException {
  return {
    eventId: message.properties.message_id,
    source: `queue ${labelOf(queue)}`,
    queue: { vhost: queue.vhost, name: queue.name },
    reason,
    error: {
      name: error.name,
      message: redacted(error.message, 'claim' in message ? '' : message.payload, queue.operations?.personal ?? []),
      stack: error.stack,
    },
    state,
    businessKey,
    operator,
    queued,
    operations: queue.operations,
    contentDigest: digestOf(message).slice(0, 16),
  };
}

function digestOf(message: Message | Claimed): string {
  return 'claim' in message ? message.claim.key : createHash('sha256').update(message.payload).digest('hex');
}

function envelopeOf({ MessageAttributes }: SqsMessage): string {
  return MessageAttributes[envelopeAttribute]?.StringValue ?? '';
}
