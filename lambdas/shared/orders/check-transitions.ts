/** What moves something, and where it takes it from each state it may find it in. */
export type Transitions<State extends string = string> = Readonly<
  Record<string, Readonly<Partial<Record<State, State>>>>
>;

/** A table of transitions that contradicts itself: one sentence per problem. */
export class TransitionsRefusedError extends Error {
  override readonly name = 'TransitionsRefusedError';

  constructor(problems: readonly string[]) {
    super(`the table of transitions cannot be followed: ${problems.join('; ')}`);
  }
}

/**
 * Throws a `TransitionsRefusedError` unless every event names a prior state, every state can be reached, and each transition adds one to the
 * version. Versions that always grow leave no way back.
 */
export function checkTransitions(
  table: Transitions,
  versions: Readonly<Record<string, number>>,
  initial: string,
): void {
  const reachable = new Set([initial, ...statesAhead(table, initial)]);
  const problems = [
    ...(versions[initial] === 1 ? [] : [`${initial}, where all begins, has no version 1`]),
    ...Object.keys(versions)
      .filter((state) => !reachable.has(state))
      .map((state) => `nothing leads to ${state}`),
    ...Object.entries(table)
      .filter(([, moves]) => Object.keys(moves).length === 0)
      .map(([event]) => `${event} names no prior state`),
    ...movesOf(table)
      .filter(({ from, to }) => versions[to] !== (versions[from] ?? Number.NaN) + 1)
      .map(
        ({ event, from, to }) =>
          `${event} leads from ${from}, version ${versions[from]}, to ${to}, version ${versions[to]}`,
      ),
  ];
  if (problems.length > 0) throw new TransitionsRefusedError(problems);
}

/** The states that can still come, whatever happens. */
export function statesAhead(table: Transitions, state: string): ReadonlySet<string> {
  const ahead = new Set<string>();
  const visit = (one: string): void => {
    for (const { from, to } of movesOf(table)) {
      if (from !== one || ahead.has(to)) continue;
      ahead.add(to);
      visit(to);
    }
  };
  visit(state);
  return ahead;
}

export interface Move {
  readonly event: string;
  readonly from: string;
  readonly to: string;
}

/** Every transition by itself, in the order of the table. */
export function movesOf(table: Transitions): Move[] {
  return Object.entries(table).flatMap(([event, moves]) =>
    Object.entries(moves).flatMap(([from, to]) => (to === undefined ? [] : [{ event, from, to }])),
  );
}
