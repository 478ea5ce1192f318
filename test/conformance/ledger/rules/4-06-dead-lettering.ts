import { approximate, exact, type Rule } from '../rule.ts';

const deadLetter = 'rabbit_dead_letter.erl';
const death = 'mc.erl, mc_amqpl.erl';

export const deadLetteringRules: readonly Rule[] = [
  approximate(
    '4.6.1',
    'docs/dlx',
    'A message is dead-lettered as `rejected`, `expired`, `maxlen` or `delivery_limit`, never with its queue.',
    'The letters of all four are RabbitMQ’s. `maxlen` is what a full queue refuses; `delivery_limit` is noted by a consumer of Warren’s only.',
  ),
  exact('4.6.2', 'docs/dlx', 'The dead-letter exchange is that of the argument, else of the policy.'),
  exact(
    '4.6.3',
    'rabbit_dead_letter.erl, seen on 3.10.8 to 4.3.6',
    'The letter has the queue’s dead-letter key, or else all keys of the message, CC and BCC.',
  ),
  exact(
    '4.6.4',
    deadLetter,
    'With a key of its own, that key alone routes; the CC header stays since 4.0, and older brokers remove it.',
  ),
  approximate(
    '4.6.5',
    'rabbit_amqqueue.erl, seen on 3.10.8 to 4.3.6',
    'A dead-letter key as argument without the exchange as argument is a declaration error.',
    'Settings are judged once they are merged: an exchange named by a policy is enough here, and a policy’s key alone is refused.',
  ),
  approximate(
    '4.6.6',
    'rabbit_dead_letter.erl, docs/dlx',
    'A letter that reaches no queue is dropped (at-most-once) or kept and tried for ever (at-least-once).',
    'It is never dropped, whatever strategy is set: a row of the exceptions table keeps the message.',
  ),
  exact(
    '4.6.7',
    death,
    'Exchange and key of the letter are new, its expiration is moved into x-death, all else stays.',
  ),
  approximate(
    '4.6.8',
    deadLetter,
    'A letter is routed like any message, alternate exchange and all; neither mandatory nor confirmed.',
    'Routed the same; but confirmed: the message is acked once every queue has stored its letter.',
  ),
  approximate(
    '4.6.9',
    death,
    '`x-death`: the latest first, one table for each queue and reason, with seven fields of the first death.',
    'The time is a number, not an AMQP timestamp. A queue’s own key that was BCC before is shown, where RabbitMQ since 3.13 hides it.',
  ),
  exact('4.6.10', death, 'The same death again counts up and moves to the front; nothing else of its table changes.'),
  exact(
    '4.6.11',
    'mc.erl',
    '`x-first-death-*` are written once, `x-last-death-*` each time (brokers before 3.13 write none).',
  ),
  approximate(
    '4.6.12',
    'release-notes/4.0.1.md',
    'An x-death header of a client is continued up to 3.13 and ignored since 4.0.',
    'Since 4.0 the client’s death headers are taken off, where RabbitMQ leaves them to be read until the first death.',
  ),
  exact('4.6.13', 'mc.erl', 'Deaths keep their order, which older brokers did only behind a feature flag.'),
  approximate(
    '4.6.14',
    deadLetter,
    'A queue the letter died in before is left out, unless a rejection lies between.',
    'A letter with nowhere else to go is not dropped: it is refused at publish, or stays until SQS’s own dead-letter queue takes it.',
  ),
  exact('4.6.15', deadLetter, 'A rejected message is never left out: a cycle with a rejection in it goes on.'),
  approximate(
    '4.6.16',
    'dead_lettering_SUITE.erl',
    'A queue that dead-letters to itself by the default exchange: dropped when expired, for ever round when rejected.',
    'A delay queue like that refuses its messages at once, with a nack.',
  ),
];
