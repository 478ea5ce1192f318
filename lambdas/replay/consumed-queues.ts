import { readFileSync } from 'node:fs';
import { isSameQueue, type QueueAddress } from '../../rabbitmq/queue-address.ts';

/** Whether a consumer of Warren's reads the queue. Compiled at synth; lies beside the function's code. Loaded once per cold start. */
export function loadConsumedQueues(): (queue: QueueAddress) => boolean {
  const queues: readonly QueueAddress[] = JSON.parse(
    readFileSync(new URL('consumed-queues.json', import.meta.url), 'utf8'),
  );
  return (queue) => queues.some((one) => isSameQueue(one, queue));
}
