import { createHash } from 'node:crypto';
import type { Queue } from '../topology.ts';

/** Queue names end up in SQS: letters, digits, `-` and `_`, at most 80 characters (SQS, quotas-queues). */
const longest = 80;
const deadLetterSuffix = '-dlq';
const fifoSuffix = '.fifo';
const hashLength = 10;

export type NamedQueue = Pick<Queue, 'vhost' | 'name' | 'singleActiveConsumer'>;

/**
 * The SQS name of a RabbitMQ queue: `<prefix>-<vhost>-<queue>`, without the vhost when it is `/`; a FIFO queue's ends in
 * `.fifo`, as SQS demands.
 *
 * Ten characters of a hash over vhost and queue follow whenever anything else was changed, so that no two queues share a
 * name: unhashed names are only those of the default vhost whose queue name SQS takes as it is, and which look neither like
 * a hashed name nor like a dead-letter queue's.
 */
export function sqsQueueName(prefix: string, queue: NamedQueue): string {
  return baseName(prefix, queue) + (queue.singleActiveConsumer ? fifoSuffix : '');
}

/** The SQS name of the dead-letter queue that serves the SQS queue of that name. */
export function deadLetterQueueName(sqsName: string): string {
  return sqsName.endsWith(fifoSuffix)
    ? sqsName.slice(0, -fifoSuffix.length) + deadLetterSuffix + fifoSuffix
    : sqsName + deadLetterSuffix;
}

/** Whether SQS took the name only with changes: the RabbitMQ name is then found on the queue's tag. */
export function isNameChanged(prefix: string, queue: NamedQueue): boolean {
  return baseName(prefix, queue) !== `${prefix}-${queue.name}`;
}

function baseName(prefix: string, queue: NamedQueue): string {
  const plain = `${prefix}-${queue.name}`;
  const room = longest - deadLetterSuffix.length - fifoSuffix.length;
  if (queue.vhost === '/' && /^[A-Za-z0-9_-]+$/.test(queue.name) && plain.length <= room && !isReserved(queue.name)) {
    return plain;
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([queue.vhost, queue.name]))
    .digest('hex')
    .slice(0, hashLength);
  const readable = [prefix, queue.vhost, queue.name]
    .map((part) => part.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('-');
  return `${readable.slice(0, room - hashLength - 1)}-${hash}`;
}

function isReserved(name: string): boolean {
  return name.endsWith(deadLetterSuffix) || /(^|-)[0-9a-f]{10}$/.test(name);
}
