/** The stack output that names the function of a folder in `lambdas/`: `outbox-relay` → `OutboxRelayFunction`. */
export function functionOutput(folder: string): string {
  return `${pascalCase(folder)}Function`;
}

/** The stack output that names the table of a subject: `orders` → `OrdersTable`. */
export function tableOutput(subject: string): string {
  return `${pascalCase(subject)}Table`;
}

/** The stack output that says which tables move; it is there only where one does. */
export const declaredMovesOutput = 'DeclaredTableMoves';

/** The stack output that says which partitions the deployed functions know, where there are any: JSON of `partitionDigests`. */
export const partitionsOutput = 'PartitionDigests';

export function pascalCase(kebab: string): string {
  return kebab
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
