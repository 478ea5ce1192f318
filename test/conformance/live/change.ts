import type { Definitions, Outcome, Publish } from './case.ts';
import type { Choice } from './predict.ts';

/** Warren, seen through a distorting glass: a known difference of a broker's version, or a planted fault. */
export interface Change {
  /** What Warren is told is declared. */
  readonly definitions?: (definitions: Definitions) => Definitions;
  /** What Warren is told is published. What hashing exchanges hash is not changed by it. */
  readonly message?: (message: Publish) => Publish;
  /** What Warren is taken to have said. */
  readonly outcome?: (outcome: Outcome, published: Published) => Outcome;
}

export interface Published {
  readonly message: Publish;
  readonly definitions: Definitions;
  /** What hashing exchanges on the message's way have chosen. */
  readonly choices: readonly Choice[];
}

/** The changes one after the other. */
export function inTurn(changes: readonly Change[]): Required<Change> {
  return {
    definitions: (definitions) => changes.reduce((now, change) => change.definitions?.(now) ?? now, definitions),
    message: (message) => changes.reduce((now, change) => change.message?.(now) ?? now, message),
    outcome: (outcome, published) => changes.reduce((now, change) => change.outcome?.(now, published) ?? now, outcome),
  };
}
