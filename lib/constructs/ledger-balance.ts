import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnOutput } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterRule, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/ledger-balance/env.ts';
import type { Config } from '../config-shape.ts';
import { functionOutput } from '../output-names.ts';
import { alarmAbove } from './alarm-above.ts';
import { countedBy } from './counted-by.ts';
import { followStream } from './follow-stream.ts';
import { grantOnTable } from './grant-on-table.ts';
import { tablesOf } from './moving-tables.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';

const runbook = '#the-balance-is-behind';

/** States of an order in which no money was received. */
export const statesWithoutMoney: readonly string[] = ['PAYING', 'CLOSED'];

export interface LedgerBalanceProps extends Pick<NodeFunctionProps, 'topology' | 'logRetention'> {
  readonly tables: Readonly<Record<'ledger' | 'balances' | 'balanceEntries', ITable>>;
  readonly config: Config['balances'];
  readonly deadLetters: { readonly retention: Duration; readonly removalPolicy: RemovalPolicy };
  readonly onCall: OnCall;
}

/** Sums up the ledger by its stream; on-call hears when it lags, gives up, or meets an entry that it cannot read. */
export class LedgerBalance extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, config, deadLetters, onCall, ...common }: LedgerBalanceProps) {
    super(scope, id);
    const { ledger, balances, balanceEntries } = tables;
    const environment: Record<keyof Env, string> = {
      LEDGER_TABLE: ledger.tableName,
      BALANCES_TABLE: balances.tableName,
      BALANCE_ENTRIES_TABLE: balanceEntries.tableName,
      BALANCE_SHARDS: String(config.shards),
    };
    this.fn = new NodeFunction(this, 'Function', {
      ...config.size,
      ...common,
      folder: 'ledger-balance',
      environment,
    }).fn;
    grantOnTable(this.fn, ledger, 'dynamodb:Scan');
    grantOnTable(this.fn, balances, 'dynamodb:UpdateItem');
    grantOnTable(this.fn, balanceEntries, 'dynamodb:GetItem', 'dynamodb:PutItem');
    followStream(this, {
      fn: this.fn,
      table: ledger,
      // While it moves, both tell of each entry, and the note of what is counted takes it once; afterwards only the new one does.
      also: tablesOf(ledger).filter((one) => one !== ledger),
      deadLetters,
      batchSize: config.batchSize,
      changes: [
        {
          eventName: FilterRule.or('INSERT', 'MODIFY'),
          dynamodb: { NewImage: { state: { S: [{ 'anything-but': statesWithoutMoney }] } } },
        },
      ],
      onCall,
      givenUp:
        'Entries of the ledger were not counted for six hours, and their stream has given them up: the balance lacks them until it is recounted.',
      late: {
        after: config.overdueAfter,
        impact: `Entries of the ledger are not counted for ${config.overdueAfter.toMinutes()} minutes: who reads the balance reads an old one.`,
      },
      runbook,
    });
    const unreadable = alarmAbove(this, 'Unreadable', {
      metric: countedBy('ledger-balance', 'LedgerEntries', { outcome: 'unreadable' }),
      threshold: 0,
      impact:
        'The ledger has entries that cannot be read, so the balance lacks them: somebody has changed them by hand.',
      runbook,
    });
    onCall.hearsOf(unreadable);
    new CfnOutput(scope, functionOutput('ledger-balance'), { value: this.fn.functionName });
  }
}
