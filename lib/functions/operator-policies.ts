import { NodeFunction } from '../constructs/node-function.ts';
import { OperatorPolicies } from '../constructs/operator-policies.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
// worked example
import { balanceReads } from './ledger-balance.ts';
// worked example
import { storyReads } from './order-story.ts';
// worked example
import { refundDesk } from './refund-desk.ts';

/** What needs a policy of its own, because it is about money. */
const notForOperators: readonly string[] = [
  // worked example
  refundDesk,
];

/** What people are given who run `warren` on the stage: `<app>-<stage>-read-only`, or `<app>-<stage>-operator`. */
export function addOperatorPolicies(stack: StatelessStack, stateful: StatefulStack): void {
  const { exceptions, notices, audit, circuits } = stateful;
  new OperatorPolicies(stack, 'OperatorPolicies', {
    namePrefix: stack.deployed.namePrefix,
    stacks: [stateful, stack],
    tables: { exceptions: exceptions.table, notices, audit, circuits: circuits.table },
    reads: [
      // worked example
      ...balanceReads(stateful),
      // worked example
      ...storyReads(stateful),
    ],
    functions: stack.node
      .findAll()
      .flatMap((one) => (one instanceof NodeFunction && !notForOperators.includes(one.folder) ? [one.fn] : [])),
  });
}
