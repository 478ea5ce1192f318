import * as fc from 'fast-check';
import type { Headers } from '../../../../rabbitmq/message.ts';
import type { Binding } from '../../../../rabbitmq/topology.ts';
import { bindQueue, exchange, queue } from '../topology-builders.ts';
import { headersMatchByTheRules } from './headers-by-the-rules.ts';
import { routerOf } from './router-of.ts';

const bind = (destination: string, args: Headers, bindingKey = ''): Binding => ({
  ...bindQueue('x', destination, bindingKey),
  arguments: args,
});

function matches(args: Headers, headers: Headers | undefined): boolean {
  const parts = { exchanges: [exchange('x', 'headers')], queues: [queue('a')], bindings: [bind('a', args)] };
  return routerOf(parts).route({ vhost: '/', exchange: 'x', routingKeys: ['any'], headers }).length > 0;
}

const cases: readonly (readonly [rule: string, matches: boolean, args: Headers, headers: Headers])[] = [
  ['4.2.1', true, { a: 1, b: 'x' }, { a: 1, b: 'x', c: true }],
  ['4.2.1', false, { a: 1, b: 'x' }, { a: 1 }],
  ['4.2.1', true, { 'x-match': 'all', a: 1 }, { a: 1 }],
  ['4.2.1', true, { 'x-match': 'all', a: 1, 'x-b': 2 }, { a: 1 }],
  ['4.2.1', true, { 'x-match': 'any', a: 1, b: 'x' }, { b: 'x' }],
  ['4.2.1', false, { 'x-match': 'any', a: 1, b: 'x' }, { a: 2, b: 'y' }],
  ['4.2.1', false, { 'x-match': 'any', a: 1, 'x-b': 2 }, { 'x-b': 2 }],
  ['4.2.2', false, { 'x-match': 'all-with-x', a: 1, 'x-b': 2 }, { a: 1 }],
  ['4.2.2', true, { 'x-match': 'all-with-x', a: 1, 'x-b': 2 }, { a: 1, 'x-b': 2 }],
  ['4.2.2', true, { 'x-match': 'any-with-x', a: 1, 'x-b': 2 }, { 'x-b': 2 }],
  ['4.2.2', false, { 'x-match': 'any-with-x', a: 1 }, { 'x-match': 'any-with-x' }],
  ['4.2.3', true, { 'x-match': 'one', a: 1, b: 2 }, { a: 1, b: 2 }],
  ['4.2.3', false, { 'x-match': 'one', a: 1, b: 2 }, { a: 1 }],
  ['4.2.4', true, { a: null }, { a: ['anything'] }],
  ['4.2.4', true, { a: null }, { a: null }],
  ['4.2.4', false, { a: null }, { b: 1 }],
  ['4.2.4', true, { 'x-match': 'any', a: null, b: 1 }, { a: 'x' }],
  ['4.2.4', false, { a: 'x' }, { a: null }],
  ['4.2.5', false, { a: 5 }, { a: '5' }],
  ['4.2.5', false, { a: 1 }, { a: { '!': 'double', value: 1 } }],
  ['4.2.5', true, { a: 5 }, { a: { '!': 'byte', value: 5 } }],
  ['4.2.5', false, { a: true }, { a: 'true' }],
  ['4.2.5', true, { a: 5000 }, { a: { '!': 'timestamp', value: 5 } }],
  ['4.2.6', true, {}, { a: 1 }],
  ['4.2.6', true, { 'x-match': 'all', 'x-a': 1 }, {}],
  ['4.2.7', false, { 'x-match': 'any' }, { a: 1 }],
  ['4.2.7', false, { 'x-match': 'any', 'x-a': 1 }, { 'x-a': 1 }],
  ['4.2.9', false, { a: 1 }, { A: 1 }],
  ['4.2.10', true, { a: ['x', 1] }, { a: ['x', 1] }],
  ['4.2.10', false, { a: ['x'] }, { a: ['x', 'y'] }],
];

describe('a headers exchange', () => {
  it.each(cases)('by rule %s answers %s for the arguments %j and the headers %j', (_, expected, args, headers) => {
    expect(matches(args, headers)).toBe(expected);
  });

  it('matches a message without headers by no condition only (rule 4.2.6)', () => {
    expect(matches({}, undefined)).toBe(true);
    expect(matches({ a: null }, undefined)).toBe(false);
    expect(matches({ toString: null }, {})).toBe(false);
  });

  it('ignores the key, which only tells bindings apart (rules 4.2.8, 4.4.10)', () => {
    const bindings = [bind('a', { h: 1 }, 'key'), bind('a', { h: 2 }, 'key'), bind('b', { h: 2 }, 'other')];
    const router = routerOf({ exchanges: [exchange('x', 'headers')], queues: [queue('a'), queue('b')], bindings });

    expect(router.route({ vhost: '/', exchange: 'x', routingKeys: ['none'], headers: { h: 2 } })).toEqual(['a', 'b']);
  });

  it.each(['amq.headers', 'amq.match'])('is predeclared as %s (rule 4.3.6)', (name) => {
    const bindings = [{ ...bind('a', { h: 1 }), source: name }];
    const router = routerOf({ queues: [queue('a')], bindings });

    expect(router.route({ vhost: '/', exchange: name, routingKeys: [''], headers: { h: 1 } })).toEqual(['a']);
  });
});

const names = fc.constantFrom('a', 'b', 'x-a', 'x-b', 'A');
const headers = fc.dictionary(names, fc.constantFrom(1, 2, '1', true, null, 1.5), { maxKeys: 4 });
const args = fc
  .tuple(headers, fc.constantFrom(undefined, 'all', 'any', 'all-with-x', 'any-with-x'))
  .map(([conditions, xMatch]): Headers => (xMatch === undefined ? conditions : { ...conditions, 'x-match': xMatch }));

describe('many headers bindings', () => {
  it('match as each does alone', () => {
    fc.assert(
      fc.property(fc.array(args, { maxLength: 12 }), headers, (all, sent) => {
        const bindings = all.map((one, at) => bind(`q${at}`, one));
        const queues = bindings.map(({ destination }) => queue(destination));
        const router = routerOf({ exchanges: [exchange('x', 'headers')], queues, bindings });

        expect(router.route({ vhost: '/', exchange: 'x', routingKeys: [''], headers: sent })).toEqual(
          all.flatMap((one, at) => (headersMatchByTheRules(one, sent) ? [`q${at}`] : [])).sort(),
        );
      }),
      { numRuns: 3_000 },
    );
  });
});
