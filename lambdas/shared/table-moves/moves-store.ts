import type { Move } from './move.ts';

/** The rows of moves, one for each table. A read MUST tell the row as it is now. */
export interface MovesStore {
  find(table: string): Promise<Move | undefined>;
  /** With its version raised by one. MUST change nothing and answer undefined, unless the row has still this version; none has version 0. */
  save(move: Move): Promise<Move | undefined>;
}
