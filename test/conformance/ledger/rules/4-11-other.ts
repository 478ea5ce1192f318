import { approximate, exact, notBuiltYet, type Rule } from '../rule.ts';

export const otherRules: readonly Rule[] = [
  exact('4.11.1', 'AMQP 0-9-1', 'Names and routing keys have at most 255 bytes.'),
  notBuiltYet(
    '4.11.2',
    'docs/priority',
    'Priorities are 0 by default on classic queues, 4 on quorum queues, clamped to the greatest.',
    'Messages carry no priority and do not overtake each other.',
  ),
  approximate(
    '4.11.3',
    'docs/quorum-queues, seen on 3.10.8 to 4.3.6',
    'Refusing over the length is not exact on quorum queues.',
    'Nor is it here, on any queue: SQS’s count is read once a second, lags, and knows no bytes. Letters and delayed messages are let in; drop-head is not enforced.',
  ),
  approximate(
    '4.11.4',
    'docs/quorum-queues, seen on 3.10.8 to 4.3.6',
    'Quorum queues have no overflow `reject-publish-dlx`, though they may be declared with it.',
    'Brokers drop the oldest messages of such a queue: here that is a warning, and nothing is dropped.',
  ),
  approximate(
    '4.11.5',
    'rabbitmq-delayed-message-exchange (README)',
    'A delayed exchange routes when the delay ends, at most 2^32-1 ms; mandatory is not supported.',
    'Up to 15 minutes it routes at once and the copies wait; longer, the message waits and is routed when it is due. Mandatory looks at the bindings of the publish.',
  ),
  notBuiltYet(
    '4.11.6',
    'docs/direct-reply-to',
    'Direct reply-to delivers at most once.',
    'There is no direct reply-to.',
  ),
  exact(
    '4.11.7',
    'rabbitmq_consistent_hash_exchange (README)',
    'Nobody promises that a value keeps its queue; here it does.',
  ),
];
