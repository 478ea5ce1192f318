import type { Claimed } from '../../lambdas/shared/broker/claim.ts';
import type { Message } from '../../rabbitmq/message.ts';

/** A message that a test expects to have its body with it. */
export function whole(message: Message | Claimed): Message {
  if ('claim' in message) throw new Error(`its body lies elsewhere: ${message.claim.key}`);
  return message;
}
