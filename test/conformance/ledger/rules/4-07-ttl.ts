import { exact, notBuiltYet, type Rule } from '../rule.ts';

const ttl = 'rabbit_amqqueue_process.erl, rabbit_fifo.erl';

export const ttlRules: readonly Rule[] = [
  notBuiltYet(
    '4.7.1',
    ttl,
    'The smaller of the queue’s TTL and the message’s expiration holds; the queue’s is the least of all that set it.',
    'The queue’s is; no message has an expiration yet.',
  ),
  notBuiltYet(
    '4.7.2',
    'rabbit_basic.erl',
    'An expiration is decimal milliseconds up to ten years, anything else is 406.',
    'The check is built; the publish function takes no expiration yet.',
  ),
  exact('4.7.3', 'rabbit_amqqueue.erl', '`x-message-ttl` is not negative, `x-expires` above 0.'),
  notBuiltYet(
    '4.7.4',
    ttl,
    'The clock starts when the message enters the queue, and a requeue does not start it again.',
    'SQS’s retention does so for queues without a dead-letter exchange, from 60 s; others that are consumed do not expire.',
  ),
  notBuiltYet(
    '4.7.5',
    'docs/ttl',
    'What is expired is never delivered.',
    'A queue with a TTL, a dead-letter exchange and a consumer delivers it all the same; a finding says so.',
  ),
  notBuiltYet(
    '4.7.6',
    'docs/ttl',
    'TTL 0: delivered at once or expired.',
    'A delay queue moves it on at once; others keep it.',
  ),
];
