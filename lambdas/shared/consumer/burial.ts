import { type DeathReason, deadLetter } from '../../../rabbitmq/dead-lettering/dead-letter.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import type { Broker } from '../broker/broker.ts';
import type { Claimed } from '../broker/claim.ts';
import type { EndOfMessage, KeepMessage } from '../exceptions/message-exceptions.ts';

/** What a message dies of outside its publishing. */
export type EndReason = Extract<DeathReason, 'rejected' | 'expired' | 'delivery_limit'>;

export interface End extends Pick<EndOfMessage, 'queued'> {
  readonly queue: Queue;
  readonly reason: EndReason;
  /** What its consumer had against it. */
  readonly error: Error;
  /** What its effect belongs to, as far as that could be read. */
  readonly businessKey?: string | undefined;
}

export interface BurialDeps {
  readonly dialect: Dialect;
  readonly broker: Pick<Broker, 'republish'>;
  readonly keep: KeepMessage;
  /** Whether what comes into the queue is for a person. */
  readonly isWatched: (queue: QueueAddress) => boolean;
  readonly now: () => Date;
}

/** `both`: its letter is in a queue for people, and it is an exception. */
export type Buried = 'dead-lettered' | 'exception' | 'both';

/**
 * Where a message goes that its queue will not keep: to the queues behind the dead-letter exchange, as RabbitMQ would have it, or, where
 * RabbitMQ would drop it (there is no such exchange, no queue is bound, it goes round in a circle), into the exceptions table; into both when
 * its letter is for a person. It is stored there when this returns. Throws a `NotBuriedError`, or what the exceptions table threw, when it may
 * not be: the message then has to stay, and may make a second letter. One whose body is gone makes no letter: what is left of it is an exception.
 */
export type Bury = (message: Message | Claimed, end: End, deadline?: AbortSignal) => Promise<Buried>;

/** A queue behind the dead-letter exchange did not store the letter, or did not say so. */
export class NotBuriedError extends Error {
  override readonly name = 'NotBuriedError';

  constructor({ name }: Pick<Queue, 'name'>, confirm: string, queues: readonly { readonly queue: string }[]) {
    const named = queues.map(({ queue }) => queue).join(', ');
    super(`the letter of a message of '${name}' was not stored by all of ${named}: ${confirm}`);
  }
}

export function createBurial({ dialect, broker, keep, isWatched, now }: BurialDeps): Bury {
  /** Undefined: nobody took the letter, or none can be made. */
  async function sendLetter(
    message: Message | Claimed,
    { queue, reason }: End,
    deadline: AbortSignal | undefined,
  ): Promise<'letter' | 'letter for a person' | undefined> {
    if ('claim' in message) return undefined;
    const letter = deadLetter(message, { queue, reason, time: Math.floor(now().getTime() / 1000) }, dialect);
    if (!letter) return undefined;
    const { confirm, queues } = await broker.republish(letter, deadline);
    if (confirm !== 'ack') throw new NotBuriedError(queue, confirm, queues);
    if (queues.length === 0) return undefined;
    return queues.some((one) => isWatched({ vhost: queue.vhost, name: one.queue })) ? 'letter for a person' : 'letter';
  }

  return async (message, end, deadline) => {
    const sent = await sendLetter(message, end, deadline);
    if (sent === 'letter') return 'dead-lettered';
    // Who sets a TTL, and no dead-letter exchange or one that ends with a person, wants what is late to go away: it is nobody's task.
    const isWanted = end.reason === 'expired' && (sent !== undefined || end.queue.deadLetterExchange === undefined);
    await keep(message, { ...end, state: isWanted ? 'recorded' : 'open' }, deadline);
    return sent === undefined ? 'exception' : 'both';
  };
}
