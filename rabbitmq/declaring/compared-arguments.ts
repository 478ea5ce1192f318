import type { Headers } from '../message.ts';

/** Of an exchange that is declared again (rabbit_exchange.erl, `assert_args_equivalence/2`); any other may differ. */
export const comparedForExchanges: readonly string[] = ['alternate-exchange'];

/** Of a queue, by its type and in the order they are compared in (`queue_arguments` of rabbit_classic_queue.erl and rabbit_quorum_queue.erl). */
export const comparedForQueues: Readonly<Record<'classic' | 'quorum', readonly string[]>> = {
  classic: [
    'x-expires',
    'x-message-ttl',
    'x-dead-letter-exchange',
    'x-dead-letter-routing-key',
    'x-max-length',
    'x-max-length-bytes',
    'x-max-priority',
    'x-overflow',
    'x-queue-mode',
    'x-queue-version',
    'x-single-active-consumer',
    'x-queue-type',
    'x-queue-master-locator',
  ],
  quorum: [
    'x-dead-letter-exchange',
    'x-dead-letter-routing-key',
    'x-dead-letter-strategy',
    'x-expires',
    'x-max-length',
    'x-max-length-bytes',
    'x-max-in-memory-length',
    'x-max-in-memory-bytes',
    'x-overflow',
    'x-single-active-consumer',
    'x-queue-type',
    'x-quorum-initial-group-size',
    'x-delivery-limit',
    'x-message-ttl',
    'x-queue-leader-locator',
  ],
};

/** Those of a declaration that are compared, as an object has them that is deployed; nothing when it has none. */
export function onlyCompared(given: Headers, compared: readonly string[]): Headers | undefined {
  const kept = Object.entries(given).filter(([name]) => compared.includes(name));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
