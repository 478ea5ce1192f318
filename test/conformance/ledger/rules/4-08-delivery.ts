import { approximate, exact, notBuiltYet, notPossible, type Rule } from '../rule.ts';

const quorum = 'rabbit_fifo.erl, docs/quorum-queues';
const startsAnew = 'The count starts anew in each queue; since 4.3 RabbitMQ’s goes along with a letter.';

export const deliveryRules: readonly Rule[] = [
  notPossible(
    '4.8.1',
    'docs/queues',
    'A requeued message goes back to its place, or near the head.',
    'A standard queue of SQS has no places: the message comes again when its retry delay is over.',
  ),
  approximate(
    '4.8.2',
    quorum,
    'Redelivered messages carry `x-delivery-count`, since 4.3 `x-acquired-count`.',
    'A handler of Warren’s sees them; a letter does not take them along, and other readers of the queue see SQS’s receive count.',
  ),
  approximate(
    '4.8.3',
    quorum,
    'Since 4.3 a reject, a crash and a lost connection count as failed deliveries.',
    `What a handler throws counts. A crash counts as a receive only: twice as many as the limit allows, and SQS’s own dead-letter queue takes the message. ${startsAnew}`,
  ),
  approximate(
    '4.8.4',
    quorum,
    'Since 4.3 a nack with requeue and a consumer timeout do not count.',
    'A lack of time, a lock held elsewhere and a body that cannot be fetched do not count. A handler has no other way to give back than to fail.',
  ),
  approximate(
    '4.8.5',
    quorum,
    'Before 4.3 every redelivery counts.',
    'With a consumer of Warren’s, failures count in every dialect. Without one every receive of SQS does, looks from the console included.',
  ),
  approximate(
    '4.8.6',
    quorum,
    'A limit of N is N + 1 deliveries, then the message is dead-lettered as `delivery_limit`.',
    'By a consumer of Warren’s, which counts failures. Without one SQS’s own dead-letter queue takes it, without a death noted; N is 1 to 999.',
  ),
  approximate(
    '4.8.7',
    quorum,
    'The limit is 20 by default since 4.0 on quorum queues, none before; -1 is none since 4.0, before it is over at once; classic queues have none.',
    'A queue without a limit still gets the deliveries its stage allows, or what always fails would hide for ever.',
  ),
  exact(
    '4.8.8',
    'rabbit_quorum_queue.erl',
    'Limits merge to the least, or since 4.0 to the greatest when one is negative.',
  ),
  notBuiltYet(
    '4.8.9',
    'release-notes/4.3.0.md, rabbit_fifo.erl',
    'Delayed retry: min(min × delivery count, max), by type.',
    'Every retry waits so, but by the stage’s numbers: the queue’s own settings are not used, which a finding says.',
  ),
];
