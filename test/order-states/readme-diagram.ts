import path from 'node:path';
import { movesOf, type Transitions } from '../../lambdas/shared/orders/check-transitions.ts';
import { initialState, transitions } from '../../lambdas/shared/orders/transitions.ts';
import { allStockMoves, noReservation } from '../../lambdas/shared/stock/transitions.ts';
import { sagaDiagram } from './saga-diagram.ts';

/** A README, and the lines of Mermaid that the code gives for it. */
export interface Drawn {
  readonly readme: string;
  readonly diagram: readonly string[];
}

const lambdas = path.join(import.meta.dirname, '../../lambdas');

export const drawings: readonly Drawn[] = [
  { readme: path.join(lambdas, 'orders/README.md'), diagram: statesOf(transitions, initialState, 'created') },
  { readme: path.join(lambdas, 'stock/README.md'), diagram: statesOf(allStockMoves, noReservation) },
  { readme: path.join(lambdas, 'order-saga/README.md'), diagram: sagaDiagram() },
];

const block = /^```mermaid\n[^`]*^```$/m;

/** The README with the diagram that the code gives, in the place of the one it has. */
export function withDiagram(text: string, { readme, diagram }: Drawn): string {
  if (!block.test(text)) throw new Error(`${readme} has no block of mermaid`);
  return text.replace(block, ['```mermaid', ...diagram, '```'].join('\n'));
}

function statesOf(table: Transitions, initial: string, begun = ''): string[] {
  const moves = movesOf(table);
  const lasting = new Set(moves.map(({ to }) => to).filter((state) => !moves.some(({ from }) => from === state)));
  return [
    'stateDiagram-v2',
    `    [*] --> ${initial}${begun && `: ${begun}`}`,
    ...moves.map(({ event, from, to }) => `    ${from} --> ${to}: ${event}`),
    ...[...lasting].map((state) => `    ${state} --> [*]`),
  ];
}
