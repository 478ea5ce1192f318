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

/** Throws an `InvalidStreamEventError`, an `OtherMoveError`, and what DynamoDB throws: then the stream hands the batch over again. */
export function createHandler({ declared, moves, tablesOf, log }: HandlerDeps) {
  return async (event: DynamoDBStreamEvent): Promise<void> => {
    const batch = batchOf(event, declared);
    const { move, side } = batch;
    const followed = await follow(batch, { moves, tables: tablesOf(move) });
    log.info('followed', { table: move.table, side, ...followed });
  };
}
