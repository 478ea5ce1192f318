import { isDeepStrictEqual } from 'node:util';
import { UnavailableError } from '../consumer/errors.ts';
import type { Move } from './move.ts';
import type { Declared } from './move-steps.ts';

/** Another move of a table is declared than the one it is on: where the table is, that declaration does not say. */
export class OtherMoveError extends UnavailableError {}

/** What is wrong; undefined when the row is of the declared move, or of one that was stopped: its table is where it was. */
export function otherMove(
  { table, target, keys, step, started: { who, at } }: Move,
  declared: Omit<Declared, 'table'>,
): string | undefined {
  if (step === 'stopped' || (target === declared.target && isDeepStrictEqual(keys, declared.keys))) return undefined;
  return `${table} moves to ${target} with other keys than lib/table-moves.ts declares now (${declared.target}); it was started by ${who} at ${at}: declare it as it was`;
}

/** The row, if there is one. Throws an `OtherMoveError`. */
export function ofDeclared(row: Move | undefined, declared: Omit<Declared, 'table'>): Move | undefined {
  const problem = row && otherMove(row, declared);
  if (problem !== undefined) throw new OtherMoveError(problem);
  return row;
}
