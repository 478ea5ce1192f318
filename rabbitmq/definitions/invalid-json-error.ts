export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text is no JSON. Line and column start at 1. */
export class InvalidJsonError extends Error {
  override readonly name = 'InvalidJsonError';
  readonly position: Position;

  constructor(reason: string, position: Position) {
    super(`invalid JSON at line ${position.line}, column ${position.column}: ${reason}`);
    this.position = position;
  }
}

/** The place behind the given text. */
export function positionAfter(text: string): Position {
  const lines = text.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
