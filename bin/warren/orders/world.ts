import { createDynamoDbBooks } from '../../../lambdas/shared/books/dynamodb-books.ts';
import { createDynamoDbExceptionStore } from '../../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import { createDynamoDbStorySources } from '../../../lambdas/shared/story/dynamodb-story-sources.ts';
import { tableOutput } from '../../../lib/output-names.ts';
import { stageDocuments } from '../stage/stage-documents.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import type { OrdersDeps } from './options.ts';

/** The real one. Loaded only when an order is asked about: the AWS SDK takes longer to load than other commands to run. */
export const world: OrdersDeps = {
  async reach(stage) {
    const outputs = await stageOutputs(stage);
    const documents = stageDocuments(outputs);
    const table = (subject: string) => outputs.get(tableOutput(subject));
    return {
      books: createDynamoDbBooks(documents, {
        orders: table('orders'),
        ledger: table('ledger'),
        refunds: table('refunds'),
        stock: table('stock'),
        outbox: table('outbox'),
      }),
      sources: createDynamoDbStorySources(documents, { sagas: table('sagas'), idempotency: table('idempotency') }),
      exceptions: createDynamoDbExceptionStore(documents, {
        table: table('exceptions'),
        keepSeconds: Number(outputs.get('ExceptionsKeepSeconds')),
        now: () => new Date(),
      }),
    };
  },
  now: () => new Date(),
};
