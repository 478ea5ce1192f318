import type { Dialect } from '../dialect.ts';
import type { Message } from '../message.ts';
import { asRouted } from '../routing/as-routed.ts';
import type { Router } from '../routing/router.ts';
import { expiresAt, timeToLiveMs } from '../time-to-live.ts';
import type { Queue } from '../topology.ts';
import { deadLetter, isCycle } from './dead-letter.ts';

/** A copy of a message on its way to a queue. */
export interface Copy {
  readonly queue: Queue;
  readonly message: Message;
  /** How long after it was published it enters the queue. */
  readonly delayMs: number;
}

/** A letter that leaves its delay queue too late to say today where it goes: it is routed when it does. */
export interface LateLetter {
  readonly delayQueue: Queue;
  readonly letter: Message;
  /** How long after it was published. */
  readonly delayMs: number;
}

export interface DelayDeps {
  readonly router: Router;
  readonly queue: (vhost: string, name: string) => Queue | undefined;
  readonly dialect: Dialect;
  /** When the message is published. */
  readonly now: Date;
  /** Later than that nothing is routed now: RabbitMQ would route by the bindings there are then. Milliseconds. */
  readonly horizonMs: number;
}

/**
 * Where a copy ends that is routed to a delay queue: expired there, dead-lettered through its exchange, perhaps into the next
 * delay queue. Copies for other queues get the time they expire at. Empty when its dead-letter exchange leads nowhere, as RabbitMQ would
 * drop it then (rule 4.6.6).
 */
export function afterDelays(copy: Copy, deps: DelayDeps): (Copy | LateLetter)[] {
  if (!copy.queue.delayQueue) {
    const expiry = expiresAt(copy.queue, copy.message, deps.now.getTime() + copy.delayMs);
    return [expiry === undefined ? copy : { ...copy, message: { ...copy.message, expiresAt: expiry } }];
  }
  const delayMs = copy.delayMs + (timeToLiveMs(copy.queue, copy.message) ?? 0);
  const time = Math.floor((deps.now.getTime() + delayMs) / 1000);
  const letter = deadLetter(copy.message, { queue: copy.queue, reason: 'expired', time }, deps.dialect);
  if (!letter) return [];
  const queues = deps.router
    .route(asRouted(letter))
    .flatMap((name) => deps.queue(letter.vhost, name) ?? [])
    .filter((queue) => !isCycle(letter, queue));
  // What leads nowhere today is refused today, while its publisher listens.
  if (queues.length > 0 && delayMs > deps.horizonMs) return [{ delayQueue: copy.queue, letter, delayMs }];
  return queues.flatMap((queue) => afterDelays({ queue, message: letter, delayMs }, deps));
}
