import { setTimeout as sleep } from 'node:timers/promises';
import { documentClient } from '../shared/aws/clients.ts';
import { createDynamoDbBalances } from '../shared/balances/dynamodb-balances.ts';
import { createLedgerPages } from '../shared/balances/ledger-pages.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbShardedCounter } from '../shared/sharded-counter/dynamodb-sharded-counter.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();
const documents = movedTables(documentClient(), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});

// Called by AWS, once per batch of the ledger's stream, and by whoever has it recount.
export const handler = createHandler({
  balances: createDynamoDbBalances(documents, {
    counter: createDynamoDbShardedCounter(documents, {
      table: env.BALANCES_TABLE,
      shards: env.BALANCE_SHARDS,
      random: Math.random,
      maxAttempts: 5,
      sleep,
    }),
    entriesTable: env.BALANCE_ENTRIES_TABLE,
  }),
  ledger: createLedgerPages(documents, env.LEDGER_TABLE),
  ...telemetry,
});
