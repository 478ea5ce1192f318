import { exact, type Rule } from '../rule.ts';

const headers = 'rabbit_exchange_type_headers.erl';
const values = 'rabbit_exchange_type_headers.erl, mc_amqpl.erl';

export const headersRules: readonly Rule[] = [
  exact(
    '4.2.1',
    headers,
    '`all`, or no `x-match`: every argument must match; `any`: one must; `x-` arguments do not count.',
  ),
  exact('4.2.2', headers, '`all-with-x` and `any-with-x` count `x-` arguments too, but never `x-match`.'),
  exact('4.2.3', headers, 'Any other `x-match` is refused when it is bound.'),
  exact('4.2.4', headers, 'A void argument asks for the header, whatever its value.'),
  exact(
    '4.2.5',
    values,
    'Values are equal as decoded terms: integers of any width by value, never a text and a number.',
  ),
  exact('4.2.6', headers, '`all` of no argument matches every message.'),
  exact('4.2.7', headers, '`any` of no argument matches none.'),
  exact('4.2.8', headers, 'The routing key does not decide.'),
  exact('4.2.9', headers, 'Names of headers are case-sensitive.'),
  exact('4.2.10', values, 'Arrays and tables are equal only with all that is in them, so one asks for their presence.'),
  exact('4.2.11', 'rabbit_definitions.erl', 'Arguments have their JSON types: `5` and `"5"` are two.'),
];
