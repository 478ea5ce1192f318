import { documentClient, dynamoDbClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { pause } from '../shared/pause.ts';
import { createDynamoDbMoveTables } from '../shared/table-moves/dynamodb-move-tables.ts';
import { createDynamoDbMoves } from '../shared/table-moves/dynamodb-moves.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const { TABLE_MOVES: declared } = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const deps = { rows: declared.rows, maxAttempts: 5, sleep: pause, now: () => new Date() };

// Called by AWS, once per batch of the stream of either table.
export const handler = createHandler({
  declared: declared.moves,
  moves: createDynamoDbMoves(documentClient(dynamoDb), declared.rows),
  tablesOf: (move) => createDynamoDbMoveTables(dynamoDb, move, deps),
  ...createTelemetry(),
});
