import { type KeyPart, movableTables, type TableMove } from './table-moves.ts';

/** Moves are declared that cannot be; synth ends with what is wrong with them. */
export class TableMoveError extends Error {
  override readonly name = 'TableMoveError';

  constructor(problems: readonly string[]) {
    super(`lib/table-moves.ts: ${problems.join('\nlib/table-moves.ts: ')}`);
  }
}

export interface TargetKey {
  readonly name: string;
  readonly from: string;
}

export function targetKeys({ to: { partitionKey, sortKey } }: TableMove): TargetKey[] {
  return [partitionKey, ...(sortKey === undefined ? [] : [sortKey])].map(keyPart);
}

const keyPart = (part: KeyPart): TargetKey => (typeof part === 'string' ? { name: part, from: `{${part}}` } : part);

/** Throws a `TableMoveError`. `tables`: the keys of those that there are without the moves, by their names in the stack. */
export function checkTableMoves(moves: readonly TableMove[], tables: ReadonlyMap<string, readonly string[]>): void {
  const problems = moves.flatMap((move) => [...problemsOfNames(move, moves, tables), ...problemsOfKey(move, tables)]);
  if (problems.length > 0) throw new TableMoveError([...new Set(problems)]);
}

function problemsOfNames(
  { table, to }: TableMove,
  moves: readonly TableMove[],
  tables: ReadonlyMap<string, readonly string[]>,
): string[] {
  const all = [...tables.keys()].join(', ');
  return [
    ...(tables.has(table) ? [] : [`there is no table ${table} to move: there are ${all}`]),
    ...(tables.has(table) && !movableTables.includes(table)
      ? [
          `${table} is read and written by functions that do not ask where it is: movable are ${movableTables.join(', ')}`,
        ]
      : []),
    ...(tables.has(to.name) ? [`${table} cannot move to ${to.name}: there is a table of that name`] : []),
    ...(moves.filter((one) => one.table === table).length > 1 ? [`${table} has two moves: one after the other`] : []),
    ...(moves.filter((one) => one.to.name === to.name).length > 1 ? [`two tables move to ${to.name}`] : []),
    ...(/^[A-Za-z][A-Za-z0-9]*$/.test(to.name) ? [] : [`${to.name} is no name for a table: letters and digits`]),
  ];
}

/** Two items must never become one, and a key must be found back. */
function problemsOfKey(move: TableMove, tables: ReadonlyMap<string, readonly string[]>): string[] {
  const source = tables.get(move.table);
  if (!source) return [];
  const parts = targetKeys(move);
  const of = `${move.table} to ${move.to.name}`;
  const placeholders = parts.flatMap(({ from }) => placeholdersOf(from));
  return [
    ...(new Set(parts.map(({ name }) => name)).size < parts.length
      ? [`${of}: both parts of the key have one name`]
      : []),
    ...placeholders
      .filter((one) => !source.includes(one))
      .map((one) => `${of}: {${one}} is not of the key of ${move.table}, which is ${source.join(', ')}`),
    ...source
      .filter((one) => !parts.some(({ from }) => placeholdersOf(from).join() === one))
      .map((one) => `${of}: {${one}} stands alone in no part of the key: two items could become one`),
    ...parts
      .filter(({ name, from }) => source.includes(name) && from !== `{${name}}`)
      .map(({ name }) => `${of}: ${name} has another meaning in ${move.table}: give that part another name`),
  ];
}

function placeholdersOf(from: string): string[] {
  return [...from.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}
