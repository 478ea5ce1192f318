import type { Message } from '../../../rabbitmq/message.ts';

/** Of the body as RabbitMQ would have it: bytes that travel as base64 count as what they are. */
export function bodyBytesOf({ payload, payloadEncoding }: Pick<Message, 'payload' | 'payloadEncoding'>): number {
  return Buffer.byteLength(payload, payloadEncoding === 'base64' ? 'base64' : 'utf8');
}
