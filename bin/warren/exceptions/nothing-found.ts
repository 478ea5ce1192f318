import type { ExceptionState } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionStore } from '../../../lambdas/shared/exceptions/exception-store.ts';
import { quoted } from '../../../lambdas/shared/notices/plain-text.ts';
import { formatQueueAddress, type QueueAddress } from '../../../rabbitmq/queue-address.ts';
import { findQueue } from '../backlog/find.ts';
import type { DeployedQueue } from '../backlog/stage.ts';
import { UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import type { Filters } from './options.ts';

/** The queues of a stage. Asked for only when nothing was found of one. */
export type ListQueues = (stage: string) => Promise<readonly DeployedQueue[]>;

/**
 * Nothing found must not look like nothing wrong. Throws a `UsageError` for a queue that is not there, and for a fingerprint that no row has; of one that
 * rows have in other states it says so.
 */
export async function whereElse(
  { stage, queue, vhost = '/', fingerprint }: Filters & { readonly stage: string },
  store: Pick<ExceptionStore, 'find'>,
  listQueues: ListQueues,
): Promise<string> {
  if (queue !== undefined) refuseUnknown({ vhost, name: queue }, await listQueues(stage));
  if (fingerprint === undefined) return '';
  const states = new Map<ExceptionState, number>();
  for await (const { state } of store.find({ fingerprint })) states.set(state, (states.get(state) ?? 0) + 1);
  if (states.size === 0)
    throw new UsageError(
      `no exception of any state has the fingerprint '${fingerprint}' (of the last second some may not be found yet)`,
    );
  return ` Of this kind there are: ${[...states].map(([state, rows]) => `${count(rows)} ${state}`).join(', ')}.`;
}

function refuseUnknown(address: QueueAddress, queues: readonly DeployedQueue[]): void {
  if (queues.some((one) => one.address?.vhost === address.vhost && one.address.name === address.name)) return;
  const typed = address.vhost === '/' ? address.name : formatQueueAddress(address);
  const { address: meant, sqsName } = findQueue(typed, queues);
  throw new UsageError(
    meant === undefined
      ? `${sqsName} is one of Warren’s own queues, and has no exceptions`
      : `there is no queue '${typed}' in this stage: did you mean --queue ${quoted(meant.name)} --vhost ${quoted(meant.vhost)}?`,
  );
}
