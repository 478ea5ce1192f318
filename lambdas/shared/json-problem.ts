/** What is wrong with a text that `JSON.parse` refused: where, never what stands there. Its own message quotes the text. */
export function jsonProblem(error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(error instanceof Error ? error.message : '') ?? [];
  return line === undefined ? 'is not JSON' : `is not JSON from line ${line}, column ${column} on`;
}
