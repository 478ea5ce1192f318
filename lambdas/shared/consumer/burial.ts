import { type DeathReason, deadLetter } from '../../../rabbitmq/dead-lettering/dead-letter.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import type { Broker } from '../broker/broker.ts';
import type { Claimed } from '../broker/claim.ts';
import type { KeepMessage } from '../exceptions/message-exceptions.ts';

/** What a message dies of outside its publishing. */
export type EndReason = Extract<DeathReason, 'rejected' | 'expired' | 'delivery_limit'>;

export interface End {
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
  readonly now: () => Date;
}

/**
 * Where a message goes that its queue will not keep: to the queues behind the dead-letter exchange, as RabbitMQ would have it, or, where
 * RabbitMQ would drop it (there is no such exchange, no queue is bound, it goes round in a circle), into the exceptions table. It is
 * stored there when this returns; throws a `NotBuriedError` when it may not be: the message then has to stay. One whose body is gone makes no
 * letter: what is left of it is an exception.
 */
export type Bury = (
  message: Message | Claimed,
  end: End,
  deadline?: AbortSignal,
) => Promise<'dead-lettered' | 'exception'>;

/** A queue behind the dead-letter exchange did not store the letter, or did not say so. */
export class NotBuriedError extends Error {
  override readonly name = 'NotBuriedError';

  constructor({ name }: Pick<Queue, 'name'>, confirm: string, queues: readonly { readonly queue: string }[]) {
    const named = queues.map(({ queue }) => queue).join(', ');
    super(`the letter of a message of '${name}' was not stored by all of ${named}: ${confirm}`);
  }
}

export function createBurial({ dialect, broker, keep, now }: BurialDeps): Bury {
  return async (message, end, deadline) => {
    const time = Math.floor(now().getTime() / 1000);
    const letter = 'claim' in message ? undefined : deadLetter(message, { ...end, time }, dialect);
    if (letter) {
      const { confirm, queues } = await broker.republish(letter, deadline);
      if (confirm !== 'ack') throw new NotBuriedError(end.queue, confirm, queues);
      if (queues.length > 0) return 'dead-lettered';
    }
    // Who sets a TTL and no dead-letter exchange wants what is late to go away: it is on record, and nobody's task.
    const isWanted = end.reason === 'expired' && end.queue.deadLetterExchange === undefined;
    await keep(message, { ...end, state: isWanted ? 'recorded' : 'open' }, deadline);
    return 'exception';
  };
}
