/** A pattern that begins with lookaheads, taken apart: `^(?!amq\.)job` is at the start, not `amq\.`, then `job`. */
export interface LookaheadPattern {
  /** It begins with `^`. */
  readonly anchored: boolean;
  readonly lookaheads: readonly { readonly pattern: string; readonly negative: boolean }[];
  readonly rest: string;
}

/**
 * Takes lookaheads off the beginning of a pattern; undefined when there are none, when one stands elsewhere, or when what is left
 * has alternatives at the top, to which they would not apply.
 */
export function splitLookaheads(pattern: string): LookaheadPattern | undefined {
  const anchored = pattern.startsWith('^');
  let rest = pattern.slice(anchored ? 1 : 0);
  const lookaheads: { pattern: string; negative: boolean }[] = [];
  while (/^\(\?[=!]/.test(rest)) {
    const { end } = scan(rest);
    if (end === undefined) return undefined;
    lookaheads.push({ pattern: rest.slice(3, end), negative: rest[2] === '!' });
    rest = rest.slice(end + 1);
  }
  if (lookaheads.length === 0 || /^[*+?{]/.test(rest) || scan(rest).alternatives) return undefined;
  return { anchored, lookaheads, rest };
}

interface Scan {
  /** Where the first group at the top ends. */
  readonly end?: number | undefined;
  /** A `|` stands outside every group. */
  readonly alternatives: boolean;
}

function scan(pattern: string): Scan {
  let depth = 0;
  let end: number | undefined;
  let alternatives = false;
  // An escaped character, a class (a `]` right at its beginning is text), or any character: only those that structure count.
  for (const { 0: token, index } of pattern.matchAll(/\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|./gsu)) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token === ')' && depth === 0) end ??= index;
    if (token === '|' && depth === 0) alternatives = true;
  }
  return { end, alternatives };
}
