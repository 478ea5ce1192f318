import * as fc from 'fast-check';
import type { Headers, HeaderValue } from '../../../../rabbitmq/message.ts';
import type { Definitions, Publish } from '../case.ts';
import { predeclared } from './definitions.ts';
import { anyKey, keyFor } from './keys.ts';
import { anyHeaders, anyValue } from './values.ts';

/** Messages that have to do with the definitions: their keys and headers are often what a binding asks for. */
export function anyMessage({ exchanges, queues, bindings }: Definitions): fc.Arbitrary<Publish> {
  const keys = [...bindings.map(({ routing_key }) => routing_key), ...queues.map(({ name }) => name)];
  const key = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...keys).chain(keyFor) },
    { weight: 2, arbitrary: anyKey },
  );
  const exchange = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...exchanges.map(({ name }) => name)) },
    { weight: 5, arbitrary: fc.constantFrom('', ...predeclared.map(({ name }) => name)) },
  );
  const strange = fc.constantFrom('missing', 'amq.missing', 'amq.default');
  return fc.record({
    exchange: fc.oneof({ weight: 60, arbitrary: exchange }, { weight: 1, arbitrary: strange }),
    routing_key: key,
    headers: fc
      .tuple(headersFor(bindings.map((binding) => binding.arguments)), anyCopies(key))
      .map(([headers, copies]) => ({ ...headers, ...copies })),
    properties: anyProperties,
  });
}

const anyProperties: fc.Arbitrary<Publish['properties']> = fc.record({
  correlation_id: fc.option(fc.constantFrom('1', 'a', 'b', 'c', ''), { nil: undefined }),
  message_id: fc.option(fc.constantFrom('m1', 'm2', 'm3', 'm4'), { nil: undefined }),
  timestamp: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
});

/** Those some binding asks for, with one of them now and then another value, and others. */
function headersFor(asked: readonly Headers[]): fc.Arbitrary<Headers> {
  const some = asked.filter((args) => Object.keys(args).length > 0);
  if (some.length === 0) return anyHeaders;
  const met = fc.constantFrom(...some).chain((args) => {
    const names = Object.keys(args).filter((name) => name !== 'x-match');
    const all = Object.fromEntries(names.map((name) => [name, args[name] ?? 'present']));
    if (names.length === 0) return fc.constant(all);
    return fc.tuple(fc.constantFrom(...names), anyValue, fc.integer({ min: 0, max: 2 })).map(([name, value, often]) => {
      return often === 0 ? { ...all, [name]: value } : all;
    });
  });
  return fc.oneof(
    { weight: 2, arbitrary: fc.tuple(met, anyHeaders).map(([asks, others]) => ({ ...others, ...asks })) },
    { weight: 1, arbitrary: met },
    { weight: 1, arbitrary: anyHeaders },
  );
}

/** CC and BCC: keys, what is passed over as it is no text, and what is refused as it is no array (rule 4.5.9). */
function anyCopies(key: fc.Arbitrary<string>): fc.Arbitrary<Headers> {
  const keys: fc.Arbitrary<HeaderValue> = fc.array(key, { maxLength: 3 });
  const refused = fc.constantFrom<HeaderValue>('a', 1, { a: 'a' }, true);
  const copies = (name: string, value: fc.Arbitrary<HeaderValue>) => value.map((one): Headers => ({ [name]: one }));
  return fc.oneof(
    { weight: 24, arbitrary: fc.constant<Headers>({}) },
    { weight: 5, arbitrary: copies('CC', keys) },
    { weight: 4, arbitrary: copies('BCC', keys) },
    { weight: 2, arbitrary: fc.tuple(keys, keys).map(([CC, BCC]): Headers => ({ CC, BCC })) },
    { weight: 1, arbitrary: copies('CC', fc.constantFrom<HeaderValue>(['a', 1, null, ['a']], [])) },
    { weight: 1, arbitrary: fc.constantFrom('CC', 'BCC').chain((name) => copies(name, refused)) },
  );
}
