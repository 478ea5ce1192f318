import * as fc from 'fast-check';
import type { DefinedPolicy } from '../case.ts';

/** Unanchored, as PCRE is (rule 4.9.3); some spare amq.*, some reach it, some match nothing. */
const patterns = [
  '^e',
  '^e[0-2]$',
  '.*',
  '',
  '3$',
  '^(?!amq\\.)',
  '(?i)^E[45]',
  'amq\\.(topic|match)',
  '^q[12]',
  'a',
  '^never$',
];

const anyDefinition = fc.oneof(
  fc.constantFrom('e0', 'e1', 'e5', 'amq.fanout', 'missing', '').map((name) => ({ 'alternate-exchange': name })),
  // Refusing everything shows in the confirms; a thousand is no limit to a round, and to a queue that has a lower one.
  fc.constantFrom(0, 1_000).map((length) => ({ 'max-length': length, overflow: 'reject-publish' })),
);

/** At most one applies to each object: priorities differ, because RabbitMQ leaves open what a tie does (rules 4.9.1, 4.9.2). */
export const anyPolicies: fc.Arbitrary<DefinedPolicy[]> = fc
  .array(
    fc.record({
      pattern: fc.constantFrom(...patterns),
      'apply-to': fc.constantFrom('all' as const, 'exchanges' as const, 'queues' as const),
      definition: anyDefinition,
    }),
    { maxLength: 3 },
  )
  .chain((policies) =>
    fc
      .shuffledSubarray([-1, 0, 1, 5], { minLength: policies.length, maxLength: policies.length })
      .map((priorities) =>
        policies.map((policy, at) => ({ ...policy, name: `p${at}`, priority: priorities[at] ?? 10 + at })),
      ),
  );
