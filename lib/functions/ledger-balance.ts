import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import { LedgerBalance } from '../constructs/ledger-balance.ts';
import type { OperatorPoliciesProps } from '../constructs/operator-policies.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** What became of an entry that the stream told of. */
const outcomes = ['counted', 'known', 'nothing', 'unreadable'];

/** `lambdas/ledger-balance`, where there is a ledger. */
export function addLedgerBalance(stack: StatelessStack, { example, onCall }: StatefulStack): void {
  if (!example || !stack.deployed.consumers.includes('ledger')) return;
  const { config } = stack;
  const { ledger, balances, balanceEntries } = example;
  new LedgerBalance(stack, 'LedgerBalance', {
    ...stack.common,
    tables: { ledger, balances, balanceEntries },
    config: config.balances,
    deadLetters: { retention: config.deadLetters.retention, removalPolicy: config.removalPolicy },
    onCall,
  });
  stack.sections.push(
    section('Balance of the ledger', [
      countGraph(
        'Entries, by outcome',
        countLines({
          service: 'ledger-balance',
          metric: 'LedgerEntries',
          by: { dimension: 'outcome', values: outcomes },
        }),
      ),
    ]),
  );
}

/** What `warren balances` reads. */
export function balanceReads({ example }: StatefulStack): OperatorPoliciesProps['reads'] {
  if (!example) return [];
  return [
    { tables: [example.balances], actions: ['dynamodb:Scan'] },
    { tables: [example.balanceEntries], actions: ['dynamodb:BatchGetItem'] },
    { tables: [example.ledger], actions: ['dynamodb:Scan'] },
  ];
}
