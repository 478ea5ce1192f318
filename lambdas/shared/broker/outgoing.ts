import { afterDelays, type DelayDeps } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import type { SqsMessage } from './envelope.ts';
import { toSqsMessage } from './sqs-message.ts';

/** A message with the queues RabbitMQ would put it into. */
export interface Routed {
  readonly message: Message;
  readonly queues: readonly string[];
  /** Before it is routed, as an x-delayed-message exchange would; here it is routed at once and its copies wait. */
  readonly delayMs: number;
}

/** One copy as SQS is to store it; or why it cannot be stored. */
export type Outgoing = { readonly queue: Pick<Queue, 'vhost' | 'name' | 'singleActiveConsumer'> } & (
  | { readonly message: SqsMessage; readonly refused?: undefined }
  | { readonly refused: string; readonly message?: undefined }
);

/** The copies of a message: those for delay queues go where their delay ends. */
export function outgoingOf({ message, queues, delayMs }: Routed, deps: DelayDeps): Outgoing[] {
  return queues.flatMap((name): Outgoing[] => {
    const queue = deps.queue(message.vhost, name);
    const ends = queue ? afterDelays({ queue, message, delayMs }, deps) : [];
    if (ends.length === 0) {
      return [{ queue: { vhost: message.vhost, name }, refused: 'it is a delay that ends in no queue' }];
    }
    return ends.map((copy): Outgoing => {
      const sqsMessage = toSqsMessage(copy);
      return 'refused' in sqsMessage
        ? { queue: copy.queue, refused: sqsMessage.refused }
        : { queue: copy.queue, message: sqsMessage };
    });
  });
}
