import type { DeclaredMove } from '../shared/table-moves/env.ts';
import type { Move, MoveTimes } from '../shared/table-moves/move.ts';
import { back, forward, MoveRefusedError, started } from '../shared/table-moves/move-steps.ts';
import type { MoverRequest } from '../shared/table-moves/mover-contract.ts';
import type { MovesStore } from '../shared/table-moves/moves-store.ts';
import { otherMove } from '../shared/table-moves/other-move.ts';
import { newComparison } from './compare.ts';

export type OperatorRequest = Extract<MoverRequest, { operator: unknown }>;

export interface ActDeps {
  readonly moves: MovesStore;
  readonly times: MoveTimes;
  /** Why DynamoDB's tables are not what is declared; empty when they are. */
  readonly schemaProblems: (move: DeclaredMove) => Promise<readonly string[]>;
  readonly now: () => Date;
}

/** A worker writes the row down after each page. */
const tries = 20;

/** One act of an operator: the row is changed as it stands, or not at all. Throws a `MoveRefusedError`. */
export async function act(request: OperatorRequest, declared: DeclaredMove, deps: ActDeps): Promise<Move> {
  if (request.act === 'start') {
    const problems = await deps.schemaProblems(declared);
    if (problems.length > 0)
      throw new MoveRefusedError(`${declared.table} cannot move to ${declared.target}: ${problems.join('; ')}`);
  }
  for (let attempt = 1; attempt <= tries; attempt++) {
    const found = await deps.moves.find(declared.table);
    const saved = await deps.moves.save(changed(request, found, declared, deps));
    if (saved) return saved;
  }
  throw new MoveRefusedError(`the move of ${declared.table} changes all the time: try again`);
}

function changed(request: OperatorRequest, found: Move | undefined, declared: DeclaredMove, deps: ActDeps): Move {
  const now = deps.now();
  if (request.act === 'start') return started(declared, found, { ...request, now, times: deps.times });
  if (!found)
    throw new MoveRefusedError(`the move of ${declared.table} is not started: warren tables start ${declared.table}`);
  // A way back to the source, or to open writes, needs neither table: it is there whatever is declared.
  if (request.act !== 'back' || found.step === 'written') checkDeclared(found, declared);
  if (request.act === 'compare') return compared(found, now);
  // The same command twice is one step.
  if (found.step !== request.seen) throw new MoveRefusedError(`the move of ${found.table} is ${found.step} meanwhile`);
  return request.act === 'next' ? forward(found, request.operator, now) : back(found, request.operator, now);
}

function compared(move: Move, now: Date): Move {
  if (move.step !== 'copying' && move.step !== 'reading' && move.step !== 'written')
    throw new MoveRefusedError(
      `the move of ${move.table} is ${move.step}: its tables are compared by themselves, or no more`,
    );
  if (move.copy.phase !== 'finished') throw new MoveRefusedError(`${move.table} is still being copied`);
  return { ...move, comparison: newComparison(now) };
}

/** A declaration that was changed on the way is another move. */
export function checkDeclared(move: Move, declared: DeclaredMove): void {
  const problem = otherMove(move, declared);
  if (problem !== undefined) throw new MoveRefusedError(problem);
}
