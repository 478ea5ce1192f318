import { formatQueueAddress, type QueueAddress } from '../../rabbitmq/queue-address.ts';

/** How to say on the command line that something consumes the queue; `vhost` is that of `--vhost`. */
export function consumedOption(queue: QueueAddress, vhost: string): string {
  return queue.vhost === vhost
    ? `--consumed ${quoted(queue.name)}`
    : `--consumed-in ${quoted(formatQueueAddress(queue))}`;
}

/** For a shell, where it needs to be. */
function quoted(text: string): string {
  return /^[\w.:/@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
