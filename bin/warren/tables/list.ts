import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { type ListOptions, MoverNotAnsweredError, type TablesDeps } from './options.ts';
import { moveText } from './text.ts';

export const noMoves = 'no table move is declared in lib/table-moves.ts, or it is not deployed';

/** `warren tables`: every declared move, and what can be done next. */
export async function listTables(
  { stage, json }: ListOptions,
  io: Io,
  { reach }: Pick<TablesDeps, 'reach'>,
): Promise<ExitStatus> {
  const mover = await reach(stage);
  if (!mover) {
    if (json) printJson(io, { moves: [] });
    else io.stdout.write(`No table moves: ${noMoves}.\n`);
    return 0;
  }
  const answer = await mover.ask({ act: 'list' }).catch(nothingDone);
  if (answer.outcome === 'refused') throw new UsageError(answer.reason);
  if (json) printJson(io, answer);
  else io.stdout.write(`${answer.moves.flatMap((move) => moveText(move, stage)).join('\n')}\n`);
  return 0;
}

function nothingDone(error: unknown): never {
  if (error instanceof MoverNotAnsweredError)
    throw new UsageError(`${error.message}; nothing was done`, { cause: error });
  throw error;
}
