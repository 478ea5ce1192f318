import { exact, type Rule } from '../rule.ts';

const hash = 'rabbit_exchange_type_consistent_hash.erl';

export const consistentHashRules: readonly Rule[] = [
  exact('4.10.1', hash, 'The binding key is a weight from 1 to 10 000, anything else is refused.'),
  exact('4.10.2', hash, 'Of several bindings to one destination the first counts.'),
  exact('4.10.3', hash, 'Hashed is the key, a header or a property; header and property both is 406.'),
  exact('4.10.4', hash, 'All messages without the header go one way.'),
  exact('4.10.5', hash, 'At most one destination; none without bindings, and then the alternate exchange.'),
];
