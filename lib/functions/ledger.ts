import type { Env } from '../../lambdas/ledger/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/ledger` to its queue, and to the table its entries are written into. */
export function connectLedger(stack: StatelessStack, { example }: StatefulStack): void {
  if (!example) throw new Error('the ledger is written, and there is no table of entries');
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    LEDGER_TABLE: example.ledger.tableName,
  };
  grantOnTable(stack.addConsumer('ledger', environment), example.ledger, 'dynamodb:PutItem');
}
