import { createDynamoDbOutbox } from '../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { createDynamoDbRefundsStore } from '../../lambdas/shared/refunds/dynamodb-refunds-store.ts';
import type { RefundsStore } from '../../lambdas/shared/refunds/refunds-store.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';

/** Refunds as the deployed functions keep them. */
export function refundsOf({ documents, outputs }: ExampleDeployment): RefundsStore {
  const outbox = createDynamoDbOutbox(documents, {
    table: outputs.OutboxTable,
    now: () => new Date(),
    maxAttempts: 10,
    sleep: async () => {},
    random: Math.random,
  });
  return createDynamoDbRefundsStore(documents, outbox, outputs.RefundsTable);
}
