import type { Message } from './message.ts';
import type { Queue } from './topology.ts';

/** RabbitMQ delivers a message of TTL 0 if a consumer takes it at once (rule 4.7.6): on SQS, at once is within a second, and so is any shorter TTL. */
export const atOnceMs = 1000;

/** How long the queue keeps the message: the less of its own TTL and the message's `expiration` (rule 4.7.1). `undefined`: as long as it lasts. */
export function timeToLiveMs({ messageTtl }: Pick<Queue, 'messageTtl'>, { properties }: Message): number | undefined {
  const limits = [messageTtl, properties.expiration === undefined ? undefined : Number(properties.expiration)];
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** When a copy that enters the queue then expires there, in milliseconds since 1970. Each queue's copy by itself (rule 4.7.4). */
export function expiresAt(queue: Pick<Queue, 'messageTtl'>, message: Message, entersAt: number): number | undefined {
  const milliseconds = timeToLiveMs(queue, message);
  return milliseconds === undefined ? undefined : entersAt + Math.max(milliseconds, atOnceMs);
}
