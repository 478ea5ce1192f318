import { Duration } from 'aws-cdk-lib';

/** An attribute of the target's key; `from` makes it of the source's, in braces: `order#{out_trade_no}`. A name alone is that attribute of the source's key. */
export type KeyPart = string | { readonly name: string; readonly from: string };

/** A table moves to another key, or another name, while it is read and written (docs/tables.md). */
export interface TableMove {
  /** As the stateful stack calls it: `Orders`. */
  readonly table: string;
  readonly to: {
    /** What the stateful stack calls the new one. */
    readonly name: string;
    readonly partitionKey: KeyPart;
    readonly sortKey?: KeyPart;
  };
}

/** Tables on the move: one line each, from before `warren tables start` until the stack has the new table in the old one's place. */
export const tableMoves: readonly TableMove[] = [];

/** Those whose functions all send by `movedTables` (lambdas/shared/table-moves), which sends to where the table is. */
export const movableTables: readonly string[] = [
  // worked example
  'Ledger',
  // worked example
  'Orders',
];

export const moveTimes = {
  /** How old what a function knows of a move may be: it reads the move's row so often, and writes are closed for longer than that. */
  maxAge: Duration.seconds(5),
  /** Two tries of three seconds, and what is between them (`impatient` in lambdas/shared/aws/clients.ts). */
  longestRequest: Duration.seconds(7),
  /** Then they are opened where they were. */
  closedAtMost: Duration.minutes(10),
};
