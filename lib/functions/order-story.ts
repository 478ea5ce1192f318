import type { OperatorPoliciesProps } from '../constructs/operator-policies.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';

/** What `warren orders show` tells an order's story from. */
export function storyReads({ example, outbox, idempotency }: StatefulStack): OperatorPoliciesProps['reads'] {
  if (!example) return [];
  const { orders, refunds, ledger, stock, sagas } = example;
  return [
    {
      tables: [outbox, idempotency, orders, refunds, ledger, stock, sagas],
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    },
  ];
}
