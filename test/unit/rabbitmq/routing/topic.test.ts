import * as fc from 'fast-check';
import { topicMatches } from '../../../../rabbitmq/routing/topic.ts';
import { topicMatchesByTheRules } from './topic-by-the-rules.ts';

const matching: readonly (readonly [rule: string, bindingKey: string, routingKey: string])[] = [
  ['4.1.3', 'a.#', 'a'],
  ['4.1.3', 'a.#.b', 'a.b'],
  ['4.1.3', 'a.#.b', 'a.x.y.b'],
  ['4.1.3', '#.b', 'b'],
  ['4.1.3', '#.b', 'x.b'],
  ['4.1.3', '#', ''],
  ['4.1.3', '#', 'a.b.c'],
  ['4.1.8', '#.#', ''],
  ['4.1.8', '', ''],
  ['4.1.2', 'a.*', 'a.'],
  ['4.1.2', '*.*', '.'],
  ['4.1.2', 'a.*.b', 'a..b'],
  ['4.1.3', '.#', '.0.a'],
  ['4.1.3', '#.*.#', 'x'],
  ['4.1.3', '*.#.#', 'x'],
  ['4.1.3', '#.a.#.b', 'a.a.b.a.b'],
  ['4.1.4', 'a*', 'a*'],
  ['4.1.4', '#b.c', '#b.c'],
  ['4.1.5', '*', '*'],
  ['4.1.5', '*', '#'],
  ['4.1.5', '#', '*.#'],
  ['4.1.6', ' a', ' a'],
];

const apart: readonly (readonly [rule: string, bindingKey: string, routingKey: string])[] = [
  ['4.1.2', 'a.*', 'a'],
  ['4.1.2', 'a.*', 'a.b.c'],
  ['4.1.1', '*.*', '..'],
  ['4.1.6', 'a.b', 'A.B'],
  ['4.1.6', 'a', ' a'],
  ['4.1.8', '*', ''],
  ['4.1.8', '', 'x'],
  ['4.1.1', '', '.'],
  ['4.1.2', '.*', '.0.a'],
  ['4.1.1', '.#', ''],
  ['4.1.8', '#.*.#', ''],
  ['4.1.8', '*.#', ''],
  ['4.1.4', 'a*', 'ab'],
  ['4.1.4', '#b', 'ab'],
  ['4.1.5', 'a', '*'],
  ['4.1.5', 'a', '#'],
  ['4.1.3', '#.a.#.b', 'a.b.a'],
];

/** Few words, so that they meet; with the empty one, and with what looks like a wildcard. */
const key = fc
  .array(fc.constantFrom('a', 'b', '', '*', '#', 'a*', 'A'), { maxLength: 7 })
  .map((words) => words.join('.'));

describe('a topic binding key', () => {
  it.each(matching)('matches by rule %s: "%s" and the routing key "%s"', (_, bindingKey, routingKey) => {
    expect(topicMatches(bindingKey, routingKey)).toBe(true);
  });

  it.each(apart)('does not match by rule %s: "%s" and the routing key "%s"', (_, bindingKey, routingKey) => {
    expect(topicMatches(bindingKey, routingKey)).toBe(false);
  });

  it('matches exactly what a literal reading of the rules matches', () => {
    fc.assert(
      fc.property(key, key, (bindingKey, routingKey) => {
        expect(topicMatches(bindingKey, routingKey)).toBe(topicMatchesByTheRules(bindingKey, routingKey));
      }),
      { numRuns: 5_000 },
    );
  });

  it('with 20 # is decided against a long key, where backtracking into each # would never end (rule 4.1.14)', () => {
    const bindingKey = `${'#.a.'.repeat(20)}z`;
    const routingKey = Array.from({ length: 120 }, () => 'a').join('.');

    expect(topicMatches(bindingKey, routingKey)).toBe(false);
    expect(topicMatches(bindingKey, `${routingKey}.z`)).toBe(true);
  });
});
