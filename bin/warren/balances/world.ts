import { createDynamoDbBalancesReader } from '../../../lambdas/shared/balances/dynamodb-balances-reader.ts';
import { createLedgerPages } from '../../../lambdas/shared/balances/ledger-pages.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { createDynamoDbCounterTotals } from '../../../lambdas/shared/sharded-counter/dynamodb-counter-totals.ts';
import { tableOutput } from '../../../lib/output-names.ts';
import { stageDocuments } from '../stage/stage-documents.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import type { BalancesDeps } from './options.ts';

/** The real one. Loaded only when a stage is looked at: the AWS SDK takes longer to load than other commands to run. */
export const world: BalancesDeps = {
  async reach(stage) {
    const outputs = await stageOutputs(stage);
    const documents = stageDocuments(outputs);
    const patience = { maxAttempts: 5, sleep: pause };
    const table = (subject: string) => outputs.get(tableOutput(subject));
    const { totals } = createDynamoDbCounterTotals(documents, { table: table('balances'), ...patience });
    return {
      balances: createDynamoDbBalancesReader(documents, { totals, table: table('balance-entries'), ...patience }),
      ledger: createLedgerPages(documents, table('ledger')),
    };
  },
  now: Date.now,
};
