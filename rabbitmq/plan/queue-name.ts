import { createHash } from 'node:crypto';

/** Queue names end up in SQS: letters, digits, `-` and `_`, at most 80 characters (SQS, quotas-queues). */
const longest = 80;
const deadLetterSuffix = '-dlq';
const hashLength = 10;

/**
 * The SQS name of a RabbitMQ queue: `<prefix>-<vhost>-<queue>`, without the vhost when it is `/`.
 *
 * Ten characters of a hash over vhost and queue follow whenever anything else was changed, so that no two queues share a
 * name: unhashed names are only those of the default vhost whose queue name SQS takes as it is, and which look neither like
 * a hashed name nor like a dead-letter queue's.
 */
export function sqsQueueName(prefix: string, queue: { readonly vhost: string; readonly name: string }): string {
  const plain = `${prefix}-${queue.name}`;
  const room = longest - deadLetterSuffix.length;
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

/** The SQS name of the dead-letter queue that serves the SQS queue of that name. */
export function deadLetterQueueName(sqsName: string): string {
  return sqsName + deadLetterSuffix;
}

function isReserved(name: string): boolean {
  return name.endsWith(deadLetterSuffix) || /(^|-)[0-9a-f]{10}$/.test(name);
}
