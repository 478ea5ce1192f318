import type { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';

/** SQS did not say whether it has stored the message. Publish it again with the same `messageId`: consumers drop the second copy. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';

  constructor(options?: ErrorOptions) {
    super('SQS did not say whether it has stored the message: publish it again, same messageId', options);
  }
}

/** Nothing goes through a channel or connection that is closing, or closed. */
export class IllegalOperationError extends Error {
  override readonly name = 'IllegalOperationError';
}

/** amqplib's channels do it, and this one does not. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';

  constructor(method: string, instead: string) {
    super(`${method} is not here: ${instead}`);
  }
}

/** AMQP's numbers of a method, and amqplib's name of it. */
export interface Method {
  readonly name: string;
  readonly classId: number;
  readonly methodId: number;
}

export const basicPublish: Method = { name: 'BasicPublish', classId: 60, methodId: 40 };

/** What amqplib makes of a `channel.close` that answers a method, for whoever listens to the channel. */
export function closedByServer(reason: ChannelError, method: Method): Error {
  return ofServer(`Channel closed by server: ${inWords(reason)}`, reason, method);
}

/** And for whoever has called the method. */
export function operationFailed(reason: ChannelError, method: Method): Error {
  return ofServer(`Operation failed: ${method.name}; ${inWords(reason)}`, reason, method);
}

function inWords({ replyCode, replyText }: ChannelError): string {
  const name = (/^[A-Z_]+/.exec(replyText)?.[0] ?? '').replaceAll('_', '-');
  return `${replyCode} (${name}) with message "${replyText}"`;
}

function ofServer(text: string, { replyCode: code }: ChannelError, { classId, methodId }: Method): Error {
  return Object.assign(new Error(text), { code, classId, methodId });
}
