const MARK = /^( *)\/\/ worked example$/;

/** Whether anything in the source text is marked by the line `// worked example`. */
export function isMarked(source: string): boolean {
  return source.split('\n').some((line) => MARK.test(line));
}

/**
 * A source text without what the line `// worked example` marks: that line, and the import, statement or member after it, with its
 * comment. How far that goes is read from the indentation, which the formatter keeps.
 */
export function withoutMarked(source: string): string {
  const lines = source.split('\n');
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const [, spaces] = MARK.exec(line) ?? [];
    if (spaces === undefined) kept.push(line);
    at = spaces === undefined ? at + 1 : endOfMarked(lines, at + 1, spaces.length);
  }
  return kept.join('\n');
}

/** The line after what begins at `start` and is indented by `indent`. */
function endOfMarked(lines: readonly string[], start: number, indent: number): number {
  let at = start;
  while (/^ *(\/\*\*|\*|\/\/)/.test(lines[at] ?? '')) at += 1;
  do {
    at += 1;
    while (isDeeper(lines, at, indent)) at += 1;
    // `}`, `);` or `): void {` on the level of the first line still belong to it.
  } while (/^ *[})\]]/.test(lines[at] ?? '') && indentation(lines[at]) === indent);
  return at;
}

/** An empty line is inside a block when what comes next is. */
function isDeeper(lines: readonly string[], at: number, indent: number): boolean {
  const next = lines.slice(at).find((line) => line.trim() !== '');
  return next !== undefined && indentation(next) > indent;
}

function indentation(line = ''): number {
  return line.search(/\S|$/);
}
