import { NodeFunction } from '../constructs/node-function.ts';
import { OperatorPolicies } from '../constructs/operator-policies.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** What people are given who run `warren` on the stage: `<app>-<stage>-read-only`, or `<app>-<stage>-operator`. */
export function addOperatorPolicies(stack: StatelessStack, stateful: StatefulStack): void {
  const { exceptions, notices, audit, circuits } = stateful;
  new OperatorPolicies(stack, 'OperatorPolicies', {
    namePrefix: stack.deployed.namePrefix,
    stacks: [stateful, stack],
    tables: { exceptions: exceptions.table, notices, audit, circuits: circuits.table },
    functions: stack.node.findAll().flatMap((one) => (one instanceof NodeFunction ? [one.fn] : [])),
  });
}
