import type { Queue } from '../topology.ts';

type NamedQueue = Pick<Queue, 'vhost' | 'name'>;

/** `'orders'`, or `'orders' in vhost 'shop'`: the default vhost goes without saying. */
export function labelOf({ vhost, name }: NamedQueue): string {
  return vhost === '/' ? `'${name}'` : `'${name}' in vhost '${vhost}'`;
}

/** The first few, and how many more: a thousand queues may have one thing in common. */
export function labelsOf(queues: readonly NamedQueue[], shown = 3): string {
  const labels = queues.slice(0, shown).map(labelOf).join(', ');
  return queues.length > shown ? `${labels} and ${queues.length - shown} more` : labels;
}
