import { approximate, exact, type Rule } from '../rule.ts';

const definitions = 'rabbit_definitions.erl';

export const exchangeRules: readonly Rule[] = [
  exact(
    '4.3.1',
    'rabbit_exchange_type_direct.erl',
    'direct: any key of the message equals the binding key; wildcards are text.',
  ),
  exact('4.3.2', 'rabbit_exchange_type_fanout.erl', 'fanout: every binding, whatever key and arguments.'),
  exact('4.3.3', 'rabbit_exchange.erl', 'The default exchange takes each key as the name of a queue.'),
  approximate(
    '4.3.4',
    'docs/ae, rabbit_binding.erl',
    'The default exchange has no alternate exchange for what is published to it, and clients cannot bind to it.',
    'Nobody binds at run time: such a binding in a file is left out with a warning, where a client gets 403.',
  ),
  approximate(
    '4.3.5',
    definitions,
    'An import skips exchanges named `""` or `amq.*` and queues named `amq.*`, but not bindings of the default exchange.',
    'Those bindings add nothing to routing: they are dropped with a warning, even when their queue is missing.',
  ),
  exact(
    '4.3.6',
    'rabbit_vhost.erl',
    'Every vhost has `amq.direct`, `amq.fanout`, `amq.topic`, `amq.headers`, `amq.match`.',
  ),
];
