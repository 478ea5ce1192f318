import * as fc from 'fast-check';
import type { Headers, HeaderValue } from '../../../../rabbitmq/message.ts';

const typed = (type: string, value: HeaderValue): HeaderValue => ({ '!': type, value });

/** Values of every AMQP type, chosen so that many are almost equal: by value but not by type, by text but not by kind. */
const alike: readonly HeaderValue[] = [
  1,
  '1',
  true,
  'true',
  false,
  null,
  'null',
  '',
  0,
  -1,
  ...['byte', 'unsignedbyte', 'short', 'unsignedshort', 'int', 'unsignedint', 'long', 'double', 'float'].map((type) =>
    typed(type, 1),
  ),
  1.5,
  typed('float', 1.5),
  0.1,
  typed('float', 0.1),
  1000,
  typed('timestamp', 1),
  typed('timestamp', 1000),
  typed('decimal', { digits: 1, places: 0 }),
  typed('decimal', { digits: 10, places: 1 }),
  typed('binary', 'MQ=='),
  typed('binary', '/wA='),
  2 ** 40,
  '订',
  'a',
  'A',
  [],
  [1],
  ['1'],
  [typed('int', 1)],
  {},
  { a: 1 },
  { a: '1' },
  { a: typed('timestamp', 1) },
  { a: [true, null] },
];

export const anyValue: fc.Arbitrary<HeaderValue> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<HeaderValue>(1, '1', 1000, true, null, 'a') },
  { weight: 5, arbitrary: fc.constantFrom(...alike) },
);

const anyName = fc.constantFrom('h', 'i', 'H', 'x-h', 'x-i', '订');

export const anyHeaders: fc.Arbitrary<Headers> = fc
  .array(fc.tuple(anyName, anyValue), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

/** Of a binding to a headers exchange. Absent `x-match` is `all` (rule 4.2.1). */
export const anyHeaderArguments: fc.Arbitrary<Headers> = fc
  .tuple(anyHeaders, fc.option(fc.constantFrom('all', 'any', 'all-with-x', 'any-with-x'), { nil: undefined, freq: 5 }))
  .map(([headers, match]) => (match === undefined ? headers : { ...headers, 'x-match': match }));
