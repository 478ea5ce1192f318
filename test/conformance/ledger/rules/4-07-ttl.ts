import { approximate, exact, type Rule } from '../rule.ts';

const ttl = 'rabbit_amqqueue_process.erl, rabbit_fifo.erl';

export const ttlRules: readonly Rule[] = [
  exact(
    '4.7.1',
    ttl,
    'The smaller of the queue’s TTL and the message’s expiration holds; the queue’s is the least of all that set it.',
  ),
  exact('4.7.2', 'rabbit_basic.erl', 'An expiration is decimal milliseconds up to ten years, anything else is 406.'),
  exact('4.7.3', 'rabbit_amqqueue.erl', '`x-message-ttl` is not negative, `x-expires` above 0.'),
  exact('4.7.4', ttl, 'The clock starts when the message enters the queue, and a requeue does not start it again.'),
  approximate(
    '4.7.5',
    'docs/ttl',
    'What is expired is never delivered.',
    'Never to a handler: Warren’s consumer looks when SQS hands it over, and dead-letters it then, so it may lie longer. Other readers must look at `expires_at`.',
  ),
  approximate(
    '4.7.6',
    'docs/ttl',
    'TTL 0: delivered at once or expired.',
    'At once is within a second, and so is a shorter TTL: SQS knows no sooner. A delay queue moves it on at once.',
  ),
];
