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

/** What amqplib makes of a `channel.close` that answers a publish. */
export function closedByServer({ replyCode: code, replyText: text }: ChannelError): Error {
  const name = (/^[A-Z_]+/.exec(text)?.[0] ?? '').replaceAll('_', '-');
  const error = new Error(`Channel closed by server: ${code} (${name}) with message "${text}"`);
  return Object.assign(error, { code, classId: 60, methodId: 40 });
}
