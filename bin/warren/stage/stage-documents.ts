import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../../lambdas/shared/aws/clients.ts';
import { movedTablesEnvSchema } from '../../../lambdas/shared/table-moves/env.ts';
import { movedTables } from '../../../lambdas/shared/table-moves/moved-tables.ts';
import { declaredMovesOutput } from '../../../lib/output-names.ts';
import type { StageOutputs } from './stage-outputs.ts';

/** Finds a table of the stage where it is, as the stage's functions do: one that moves may be read at its target only. */
export function stageDocuments({ config, all }: Pick<StageOutputs, 'config' | 'all'>): DynamoDBDocumentClient {
  const declared = movedTablesEnvSchema.parse({ TABLE_MOVES: all[declaredMovesOutput] });
  // Where the two tables differ the source is believed, and `warren tables` is who tells of it.
  return movedTables(documentClient(new DynamoDBClient(config)), declared, {
    log: { warn: () => undefined },
    clock: Date.now,
  });
}
