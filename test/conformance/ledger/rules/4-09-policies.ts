import { approximate, exact, type Rule } from '../rule.ts';

const definitions = 'rabbit_definitions.erl';

export const policyRules: readonly Rule[] = [
  exact('4.9.1', 'docs/policies', 'One policy applies, that of the highest priority; others add nothing to it.'),
  exact(
    '4.9.2',
    'docs/policies',
    'Which of equal priority applies is left open; here the first by name, with a warning.',
  ),
  approximate(
    '4.9.3',
    'rabbit_policy.erl',
    'Patterns are unanchored PCRE.',
    'Possessive quantifiers, atomic groups, back references and some lookaround are refused.',
  ),
  approximate(
    '4.9.4',
    'rabbit_amqqueue_process.erl, rabbit_quorum_queue.erl, seen on 3.10.8 to 4.3.6',
    'The argument wins over the policy; of TTL, expiry and lengths the least of both holds.',
    'On quorum queues the `overflow` of a policy wins; here the argument does there too.',
  ),
  exact(
    '4.9.5',
    'rabbit_policies.erl',
    'Of policy and operator policy the least number holds, and the operator’s `overflow`.',
  ),
  approximate(
    '4.9.6',
    'docs/policies',
    'A policy applies to what is declared later, too.',
    'All is declared by a deployment, and each one matches anew; the order in a file does not matter.',
  ),
  exact('4.9.7', definitions, 'Exports of many versions are taken, whatever they leave out; broken files are found.'),
  exact('4.9.8', definitions, 'The parts of a file are imported in an order of their own, not in the file’s.'),
  approximate(
    '4.9.9',
    definitions,
    'A binding of a missing queue or exchange ends the import.',
    'It stops a deployment, though 3.10.8 goes on; of a queue the import skips (`amq.*`), or of the default exchange, it is left out.',
  ),
  exact('4.9.10', definitions, 'Objects without a vhost are refused, unless the whole file is of one vhost.'),
];
