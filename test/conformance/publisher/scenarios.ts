import { askingScenarios } from './asking-scenarios.ts';
import { encodingScenarios } from './encoding-scenarios.ts';
import { endingScenarios } from './ending-scenarios.ts';
import { both, mandatory, type Scenario, type Step, step } from './scenario.ts';

const routed: readonly Step[] = [
  step('', 'one'),
  step('direct', 'key'),
  step('fanout', 'any'),
  step('topic', 'a.b'),
  step('topic', 'a.b.c'),
  step('headers', '', { headers: { tenant: 'shop' } }),
  step('alternated', 'none'),
  step('source', 'key'),
];
const unroutable: readonly Step[] = [
  step('', 'nobody'),
  step('direct', 'none'),
  step('topic', 'b'),
  step('headers', '', { headers: { tenant: 'other' } }),
  step('source', 'none'),
];
const special: readonly (readonly [name: string, step: Step])[] = [
  ['CC adds a queue', step('direct', 'none', { CC: ['key'] })],
  ['CC as text', step('direct', 'none', { CC: 'key' })],
  ['BCC adds a queue', step('direct', 'none', { BCC: ['key'] })],
  ['one copy, however many keys match', step('direct', 'key', { CC: ['key', 'key'], BCC: ['key'] })],
  ['mandatory, routed by CC alone', step('direct', 'none', { CC: ['key'], mandatory: true })],
  ['an expiration of a day', step('direct', 'key', { expiration: 86_400_000 })],
  ['an expiration of ten years', step('direct', 'key', { expiration: '315360000000' })],
  ['the user who is logged in', step('direct', 'key', { userId: 'guest' })],
  ['a transient message', step('direct', 'key', { persistent: false })],
  [
    'a message with all properties',
    step('direct', 'key', {
      contentType: 'text/plain',
      contentEncoding: 'utf-8',
      correlationId: 'c',
      replyTo: 'r',
      messageId: 'id',
      timestamp: 7,
      type: 't',
      appId: 'a',
      priority: 3,
      deliveryMode: 2,
    }),
  ],
  ['an empty message', { ...step('direct', 'key'), content: Buffer.alloc(0) }],
  ['bytes that are no text', { ...step('direct', 'key'), content: Buffer.from([0xff, 0, 0xfe]) }],
];
const closing: readonly (readonly [name: string, step: Step])[] = [
  ['a missing exchange', step('gone', 'key')],
  ['a missing exchange, mandatory', step('gone', 'key', { mandatory: true })],
  ['an internal exchange', step('inside', 'key')],
  ['an expiration with a unit', step('direct', 'key', { expiration: '1s' })],
  ['a negative expiration', step('direct', 'key', { expiration: '-1' })],
  ['a fraction of a millisecond', step('direct', 'key', { expiration: '1.5' })],
  ['an empty expiration', step('direct', 'key', { expiration: ' ' })],
  ['an expiration over ten years', step('direct', 'key', { expiration: '315360000001' })],
  ['another user', step('direct', 'key', { userId: 'mallory' })],
  ['CC that is no array', step('direct', 'key', { headers: { CC: 'key' } })],
  ['BCC that is no array', step('direct', 'key', { headers: { BCC: true } })],
];

const describeStep = ({ exchange, key }: Step): string => `${exchange || 'the default exchange'} '${key}'`;

/** What a producer does, each on a channel of its own. */
export const scenarios: readonly Scenario[] = [
  ...routed.flatMap((one) => both(`routed by ${describeStep(one)}`, [one])),
  ...unroutable.flatMap((one) => [
    ...both(`unroutable by ${describeStep(one)}`, [one]),
    ...both(`unroutable and mandatory by ${describeStep(one)}`, [mandatory(one)]),
  ]),
  ...special.flatMap(([name, one]) => both(name, [one])),
  ...closing.map(
    ([name, one]): Scenario => ({
      name: `closed by ${name}, after one that is confirmed and before one that is lost`,
      confirm: true,
      oneByOne: true,
      steps: [step('direct', 'key', {}, 'before'), { ...one, label: 'wrong' }, step('direct', 'key', {}, 'after')],
    }),
  ),
  ...both('three messages, the second unroutable', [
    step('direct', 'key', {}, '1'),
    mandatory(step('direct', 'none', {}, '2')),
    step('fanout', '', {}, '3'),
  ]),
  ...encodingScenarios,
  ...endingScenarios,
  ...askingScenarios,
];
