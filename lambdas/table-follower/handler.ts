import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { DeclaredMove } from '../shared/table-moves/env.ts';
import type { MoveTables } from '../shared/table-moves/move-tables.ts';
import type { MovesStore } from '../shared/table-moves/moves-store.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';
import { batchOf } from './changes.ts';
import { follow } from './follow.ts';

export interface HandlerDeps {
  readonly declared: readonly DeclaredMove[];
  readonly moves: MovesStore;
  readonly tablesOf: (move: DeclaredMove) => MoveTables;
  readonly log: Log;
}

/** Throws an `InvalidStreamEventError`, and what DynamoDB throws: then the stream hands the batch over again. */
export function createHandler({ declared, moves, tablesOf, log }: HandlerDeps) {
  return async (event: DynamoDBStreamEvent): Promise<void> => {
    const { move, side, changes } = batchOf(event, declared);
    const { table } = move;
    const followed = await follow({ table, side, changes }, { moves, tables: tablesOf(move) });
    log.info('followed', { table, side, ...followed });
  };
}
