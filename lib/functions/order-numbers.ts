import { CfnOutput } from 'aws-cdk-lib';
import { NodeFunction } from '../constructs/node-function.ts';
import { functionOutput } from '../output-names.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** `lambdas/order-numbers`, which whoever makes orders invokes, where orders are. */
export function addOrderNumbers(stack: StatelessStack, { example }: StatefulStack): void {
  if (!example || !stack.deployed.consumers.includes('orders')) return;
  const { orderNumbers } = example;
  const { fn } = new NodeFunction(stack, 'OrderNumbers', {
    ...stack.config.orderNumbers.size,
    ...stack.common,
    folder: 'order-numbers',
    environment: orderNumbers.environment,
  });
  orderNumbers.grantGiveOut(fn);
  new CfnOutput(stack, functionOutput('order-numbers'), { value: fn.functionName });
}
