import { v7 as uuidv7 } from 'uuid';
import { documentClient, dynamoDbClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { pause } from '../shared/pause.ts';
import { createDynamoDbMoveTables } from '../shared/table-moves/dynamodb-move-tables.ts';
import { createDynamoDbMoves } from '../shared/table-moves/dynamodb-moves.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { roughCount, schemaProblems } from './schema-problems.ts';

// Once per cold start.
const { TABLE_MOVES: declared } = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const now = () => new Date();
const deps = { rows: declared.rows, maxAttempts: 5, sleep: pause, now };

// Called by AWS once a minute, and by `warren tables`.
export const handler = createHandler({
  declared: declared.moves,
  moves: createDynamoDbMoves(documentClient(dynamoDb), declared.rows),
  tablesOf: (move) => createDynamoDbMoveTables(dynamoDb, move, deps),
  times: declared.times,
  schemaProblems: (move) => schemaProblems(dynamoDb, move),
  roughCount: (move) => roughCount(dynamoDb, move.sourceName),
  pageSize: 100,
  // Less than the minute that it may live, which no page takes.
  workMs: 40_000,
  leaseMs: 65_000,
  newId: uuidv7,
  now,
  sleep: pause,
  ...createTelemetry(),
});
