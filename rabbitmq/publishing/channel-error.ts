import { type AmqpValue, amqpValue } from '../amqp-value.ts';
import type { HeaderValue } from '../message.ts';

export type ReplyCode = 403 | 404 | 405 | 406 | 540;

/** An error that closes the publisher's channel, 540 its connection too: RabbitMQ's reply code and text (rules 4.5.1 to 4.5.11, 4.5.15). */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly replyCode: ReplyCode;
  readonly replyText: string;

  constructor(replyCode: ReplyCode, replyText: string) {
    const text = shortened(replyText);
    super(`${replyCode} ${text}`);
    this.replyCode = replyCode;
    this.replyText = text;
  }
}

/** A reply text is a short string; RabbitMQ cuts it by bytes (rabbit_binary_generator.erl, `amqp_exception_explanation/2`). */
function shortened(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length > 255 ? `${bytes.subarray(0, 252).toString()}...` : text;
}

export function immediateNotImplemented(): ChannelError {
  return new ChannelError(540, 'NOT_IMPLEMENTED - immediate=true');
}

export function messageTooLarge(bytes: number, most: number): ChannelError {
  return preconditionFailed(`message size ${bytes} is larger than configured max size ${most}`);
}

export function userIdMismatch(claimed: string, user: string): ChannelError {
  return preconditionFailed(`user_id property set to '${claimed}' but authenticated user was '${user}'`);
}

/** Which of the two modes came second makes no difference (rule 4.5.29). */
export function modesExclude(from: 'confirm' | 'tx', to: 'confirm' | 'tx'): ChannelError {
  return preconditionFailed(`cannot switch from ${from} to ${to} mode`);
}

/** Rule 4.5.28. */
export function partialTxCompletion(): ChannelError {
  return preconditionFailed('partial tx completion');
}

export function exchangeNotFound(vhost: string, exchange: string): ChannelError {
  return new ChannelError(404, `NOT_FOUND - no exchange '${exchange}' in vhost '${vhost}'`);
}

export function exchangeIsInternal(vhost: string, exchange: string): ChannelError {
  return new ChannelError(
    403,
    `ACCESS_REFUSED - cannot publish to internal exchange '${exchange}' in vhost '${vhost}'`,
  );
}

export function headerOfWrongType(header: string, value: HeaderValue): ChannelError {
  const type: AmqpValue['type'] = amqpValue(value).type;
  return preconditionFailed(`invalid message: {unacceptable_type_in_header,"${header}",${type}}`);
}

/** `reason` is the broker's, such as `no_integer`. */
export function invalidExpiration(expiration: string, reason: string): ChannelError {
  return preconditionFailed(`invalid expiration '${expiration}': ${reason}`);
}

/** Ours: a broker never sees such a key, as AMQP cannot carry it and clients refuse it (rule 4.1.7). */
export function shortStringTooLong(what: 'routing key' | 'exchange name', bytes: number): ChannelError {
  return preconditionFailed(`${what} of ${bytes} bytes is over 255 bytes of UTF-8`);
}

export function queueNotFound(vhost: string, queue: string): ChannelError {
  return new ChannelError(404, `NOT_FOUND - no queue '${queue}' in vhost '${vhost}'`);
}

/** Of what only a broker may declare or bind. */
export function accessRefused(reason: string): ChannelError {
  return new ChannelError(403, `ACCESS_REFUSED - ${reason}`);
}

/** No queue here is exclusive, and RabbitMQ says this of one that is not. */
export function exclusiveElsewhere(vhost: string, queue: string): ChannelError {
  return new ChannelError(
    405,
    `RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '${queue}' in vhost '${vhost}'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.`,
  );
}

export function unknownExchangeType(type: string): ChannelError {
  return preconditionFailed(`unknown exchange type '${type}'`);
}

/** `what`: `exchange 'orders' in vhost '/'`; `difference`: what was received, and what is. */
export function inequivalentArgument(what: string, argument: string, difference: string): ChannelError {
  return preconditionFailed(`inequivalent arg '${argument}' for ${what}: ${difference}`);
}

/** Ours: a broker would create it. */
export function notDeclaredHere(missing: string): ChannelError {
  return preconditionFailed(`${missing}: it is not made at run time; declare it in definitions.json and deploy`);
}

function preconditionFailed(reason: string): ChannelError {
  return new ChannelError(406, `PRECONDITION_FAILED - ${reason}`);
}
