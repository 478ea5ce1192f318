import { approximate, exact, type Rule } from '../rule.ts';

const walk = 'rabbit_exchange.erl';

export const alternatesRules: readonly Rule[] = [
  exact(
    '4.4.1',
    walk,
    'Routing walks over exchanges: each one’s destinations, and perhaps its alternate, join the walk.',
  ),
  exact('4.4.2', 'docs/e2e', 'A queue gets one copy, however many bindings, keys and ways lead to it.'),
  exact(
    '4.4.3',
    walk,
    'Each exchange is visited once, a missing one is passed over, and keys and headers stay the message’s own.',
  ),
  exact('4.4.4', walk, 'The alternate exchange is asked only when its exchange itself has no destination.'),
  exact(
    '4.4.5',
    'rabbit_exchange.erl, docs/ae',
    'Where the page says “reaches no queue”, the source decides: no destination of its own.',
  ),
  approximate(
    '4.4.6',
    'rabbit_binding.erl',
    'Bindings go with their queue: none leads to a queue that was deleted.',
    'A file with such a binding is refused; queues and routes change by a deployment, not at one instant.',
  ),
  exact('4.4.7', walk, 'Alternates of alternates are asked once each; a missing one leaves the message unrouted.'),
  exact('4.4.8', walk, 'An alternate exchange routes by the original key and headers and its own type.'),
  exact(
    '4.4.9',
    'docs/ae, seen on 3.10.8 to 4.3.6',
    'The argument names the alternate exchange before the policy does; what it takes counts as routed.',
  ),
  exact('4.4.10', 'rabbit_binding.erl', 'The same key with other arguments is a second binding, and still one copy.'),
];
