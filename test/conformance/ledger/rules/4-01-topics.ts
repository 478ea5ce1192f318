import { approximate, exact, type Rule } from '../rule.ts';

const topic = 'rabbit_exchange_type_topic.erl, rabbit_db_topic_exchange.erl';
const routingSuite = 'routing_SUITE.erl';

export const topicRules: readonly Rule[] = [
  exact('4.1.1', topic, 'Keys are split at every dot; the empty key is no word at all, other keys keep empty words.'),
  exact('4.1.2', topic, '`*` is exactly one word, and an empty word is one.'),
  exact('4.1.3', topic, '`#` is any number of words, none too, wherever and however often it stands.'),
  exact('4.1.4', topic, 'A wildcard is a whole word: in `a*` the star is text.'),
  exact('4.1.5', topic, 'A `*` or `#` in a routing key is a word like others, which only a wildcard matches.'),
  exact('4.1.6', topic, 'Words are compared byte by byte: case counts, nothing is trimmed.'),
  exact('4.1.7', 'AMQP 0-9-1', 'A key has at most 255 bytes of UTF-8, however many characters that is.'),
  exact(
    '4.1.8',
    topic,
    '`a.#` takes `a`, `#.#` takes everything, `*.#` does not take the empty key, `""` nothing else.',
  ),
  exact('4.1.9', 'rabbit_exchange.erl', 'A message is routed by all its keys: the routing key, CC and BCC.'),
  approximate(
    '4.1.10',
    topic,
    'Since 4.3.5 a new binding with more than two `#` words is refused.',
    'In dialect 4.3 it is a warning: such a binding routes on, as one from before the upgrade does.',
  ),
  exact('4.1.11', topic, '`#` words in a row are as one.'),
  exact('4.1.12', 'release-notes/4.3.1.md', 'A binding with an empty key serves its own exchange and no other.'),
  exact(
    '4.1.13',
    routingSuite,
    'A grid of 26 binding keys and 12 routing keys; this one is ours, not that of its tests.',
  ),
  exact('4.1.14', topic, 'Many `#` in one key do not make matching exponential.'),
];
