import { documentClient } from '../shared/aws/clients.ts';
import { createDynamoDbBookPages } from '../shared/books/dynamodb-book-pages.ts';
import { createDynamoDbBooks } from '../shared/books/dynamodb-books.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbExceptionStore } from '../shared/exceptions/dynamodb-exception-store.ts';
import { createDynamoDbExceptions } from '../shared/exceptions/dynamodb-exceptions.ts';
import { exceptionsTable } from '../shared/exceptions/env.ts';
import { pause } from '../shared/pause.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { createComesAgain } from './comes-again.ts';
import { createDynamoDbRoundStore } from './dynamodb-round-store.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { createReport } from './report.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();
const documents = movedTables(documentClient(), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});
const now = () => new Date();
const exceptions = createDynamoDbExceptionStore(documents, { ...exceptionsTable(env), now });
const tables = {
  orders: env.ORDERS_TABLE,
  ledger: env.LEDGER_TABLE,
  refunds: env.REFUNDS_TABLE,
  stock: env.STOCK_TABLE,
  outbox: env.OUTBOX_TABLE,
};

// Called by a schedule, and by whoever wants some orders compared.
export const handler = createHandler({
  books: createDynamoDbBooks(documents, tables),
  pages: createDynamoDbBookPages(documents, { tables, maxAttempts: 3, sleep: pause }),
  round: createDynamoDbRoundStore(documents, env.SEQUENCES_TABLE),
  report: createReport({
    exceptions: createDynamoDbExceptions(documents, { ...exceptionsTable(env), now, ...telemetry }),
    rows: exceptions,
    ...telemetry,
  }),
  comesAgain: createComesAgain(exceptions),
  pageSize: env.COMPARE_PAGE_SIZE,
  settleMs: env.COMPARE_SETTLE_SECONDS * 1_000,
  roundEveryMs: env.COMPARE_ROUND_EVERY_SECONDS * 1_000,
  mostDifferences: env.COMPARE_MOST_DIFFERENCES,
  now,
  ...telemetry,
});
