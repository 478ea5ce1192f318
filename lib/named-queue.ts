import { labelOf } from '../rabbitmq/plan/queue-label.ts';
import { isSameQueue, type QueueAddress } from '../rabbitmq/queue-address.ts';
import { meantQueues } from './nearest-queues.ts';

/** A queue of the topology, as `lib/consumers.ts` names it. */
export interface NamedQueue {
  /** Default: `/`. */
  readonly vhost?: string | undefined;
  readonly queue: string;
  /** Whether a topology given by `-c topology=FILE` may lack it: it is then passed over. Default: such a topology is refused. */
  readonly isOptional?: boolean;
}

export function addressOf({ vhost = '/', queue }: NamedQueue): QueueAddress {
  return { vhost, name: queue };
}

export function isNamed(named: NamedQueue, queue: QueueAddress): boolean {
  return isSameQueue(addressOf(named), queue);
}

/** `lib/consumers.ts` names a queue that the topology does not have. */
export class QueueNotDeclaredError extends Error {
  override readonly name = 'QueueNotDeclaredError';

  constructor(who: string, named: NamedQueue, file: string, queues: readonly QueueAddress[], hint = '') {
    const { vhost, name } = addressOf(named);
    super(
      `lib/consumers.ts: ${who} '${name}', which ${file} does not declare in vhost '${vhost}': ${meantQueues({ vhost, name }, queues, labelOf)}${hint}`,
    );
  }
}
