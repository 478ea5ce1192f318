import type { Dialect } from '../dialect.ts';
import type { Message } from '../message.ts';
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

export interface DelayDeps {
  readonly router: Router;
  readonly queue: (vhost: string, name: string) => Queue | undefined;
  readonly dialect: Dialect;
  /** When the message is published. */
  readonly now: Date;
}

/**
 * Where a copy ends that is routed to a delay queue: expired there, dead-lettered through its exchange, perhaps into the next
 * delay queue. Copies for other queues get the time they expire at. Empty when its dead-letter exchange leads nowhere, as RabbitMQ would
 * drop it then (rule 4.6.6).
 */
export function afterDelays(copy: Copy, deps: DelayDeps): Copy[] {
  if (!copy.queue.delayQueue) {
    const expiry = expiresAt(copy.queue, copy.message, deps.now.getTime() + copy.delayMs);
    return [expiry === undefined ? copy : { ...copy, message: { ...copy.message, expiresAt: expiry } }];
  }
  const delayMs = copy.delayMs + (timeToLiveMs(copy.queue, copy.message) ?? 0);
  const time = Math.floor((deps.now.getTime() + delayMs) / 1000);
  const letter = deadLetter(copy.message, { queue: copy.queue, reason: 'expired', time }, deps.dialect);
  if (!letter) return [];
  return deps.router
    .route(letter)
    .flatMap((name) => deps.queue(letter.vhost, name) ?? [])
    .filter((queue) => !isCycle(letter, queue))
    .flatMap((queue) => afterDelays({ queue, message: letter, delayMs }, deps));
}
