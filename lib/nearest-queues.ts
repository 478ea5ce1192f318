import leven from 'leven';
import type { QueueAddress } from '../rabbitmq/queue-address.ts';

/** What somebody may have meant: the three queues whose names differ least from the one that is not there, its own vhost first. */
export function nearestQueues(wanted: QueueAddress, queues: readonly QueueAddress[]): readonly QueueAddress[] {
  const distance = ({ vhost, name }: QueueAddress): number =>
    leven(wanted.name, name) + (vhost === wanted.vhost ? 0 : 0.5);
  return queues.toSorted((one, other) => distance(one) - distance(other)).slice(0, 3);
}

/** `did you mean 'a', 'b' in vhost 'shop'?`, each queue as `say` writes it. */
export function meantQueues(
  wanted: QueueAddress,
  queues: readonly QueueAddress[],
  say: (queue: QueueAddress) => string,
): string {
  const nearest = nearestQueues(wanted, queues);
  return nearest.length === 0 ? 'it declares none' : `did you mean ${nearest.map(say).join(', ')}?`;
}
