import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Log } from '../telemetry/telemetry.ts';
import { createDynamoDbMoves } from './dynamodb-moves.ts';
import type { DeclaredMoves } from './env.ts';
import { fieldsOf } from './fields.ts';
import { routed } from './routed-commands.ts';
import { createRoutes, type FindRoute } from './routes.ts';

/**
 * The client, which reads and writes a table that moves where its move says at that moment. What uses it knows nothing of that, but for a
 * `WritesClosedError`: for a moment nobody may write. Without declared moves it is the client as it was.
 */
export function movedTables(
  client: DynamoDBDocumentClient,
  { TABLE_MOVES: declared }: { readonly TABLE_MOVES?: DeclaredMoves | undefined },
  { log, clock }: { readonly log: Pick<Log, 'warn'>; readonly clock: () => number },
): DynamoDBDocumentClient {
  if (!declared) return client;
  const rows = createDynamoDbMoves(client, declared.rows);
  // The time since the process began may stand still while the function is frozen; the clock may be set.
  const now = () => [performance.now(), clock()];
  route(client, createRoutes(declared.moves, { moves: rows, maxAgeMs: declared.times.maxAgeMs, now }), log);
  return client;
}

/** Every call of the client from now on. */
export function route(client: DynamoDBDocumentClient, find: FindRoute, log: Pick<Log, 'warn'>): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const one = await routed(String(context['commandName']), fieldsOf(args.input), find);
      if (!one) return next(args);
      const [answer, other] = await Promise.all([
        next({ ...args, input: one.input }),
        one.against && next({ ...args, input: one.against }),
      ]);
      const told = one.toAnswer(fieldsOf(answer.output));
      const output = { ...answer.output, ...told };
      if (!other || isDeepStrictEqual(told['Item'], fieldsOf(other.output)['Item'])) return { ...answer, output };
      log.warn('the target of a move differed', { table: String(one.against?.['TableName']) });
      return other;
    },
    { step: 'initialize', name: 'routeMovedTables', priority: 'high' },
  );
}
