import path from 'node:path';
import { movesOf } from '../../lambdas/shared/orders/check-transitions.ts';
import { initialState, transitions } from '../../lambdas/shared/orders/transitions.ts';

export const readme = path.join(import.meta.dirname, '../../lambdas/orders/README.md');

const block = /^```mermaid\n[^`]*^```$/m;

/** The README with the diagram that the table of transitions gives, in the place of the one it has. */
export function withDiagram(text: string): string {
  if (!block.test(text)) throw new Error(`${readme} has no block of mermaid for the states of an order`);
  return text.replace(block, ['```mermaid', ...diagram(), '```'].join('\n'));
}

function diagram(): string[] {
  const moves = movesOf(transitions);
  const lasting = new Set(moves.map(({ to }) => to).filter((state) => !moves.some(({ from }) => from === state)));
  return [
    'stateDiagram-v2',
    `    [*] --> ${initialState}: created`,
    ...moves.map(({ event, from, to }) => `    ${from} --> ${to}: ${event}`),
    ...[...lasting].map((state) => `    ${state} --> [*]`),
  ];
}
