import { createScanner } from 'jsonc-parser';

/** JSON that not every reader reads alike, or no JSON at all. Says what and where, never a value: it may hold personal data. */
export class AmbiguousJsonError extends Error {
  override readonly name = 'AmbiguousJsonError';
}

/** Schemas walk what they check recursively. */
const deepest = 128;

/**
 * The value of a JSON text that has one meaning only. Throws an `AmbiguousJsonError` for what is no JSON (RFC 8259), and for what another
 * reader may take for something else: members of one object with one name, the member `__proto__`, numbers that a double does not hold, half
 * of a surrogate pair, a byte order mark, over 128 levels. Two programs that read a payment differently is how money is lost.
 */
export function parseJson(text: string): unknown {
  const problemOf = createCheck();
  for (const token of tokensOf(text)) {
    const problem = problemOf(token);
    if (problem) throw new AmbiguousJsonError(`${problem} at character ${token.at + 1}`);
  }
  // Last: it takes seconds for a megabyte of brackets.
  return parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new AmbiguousJsonError('is not JSON');
  }
}

interface Token {
  readonly at: number;
  readonly source: string;
  /** Of a string: with its escapes resolved. */
  readonly value: string;
}

/** One at a time: a list of them takes many times the memory of the text. */
function* tokensOf(text: string): Generator<Token> {
  const scanner = createScanner(text, true);
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const at = scanner.getTokenOffset();
    yield { at, source: text.slice(at, at + scanner.getTokenLength()), value: scanner.getTokenValue() };
  }
}

/** Told of every token of a text, in order, it says what is ambiguous about the value so far. */
function createCheck(): (token: Token) => string | undefined {
  /** Of each object and array that is open: the names it has had. */
  const open: (Set<string> | undefined)[] = [];
  let lastString = '';

  function nested(names?: Set<string>): string | undefined {
    open.push(names);
    return open.length > deepest ? `is nested over ${deepest} deep` : undefined;
  }

  function named(name: string): string | undefined {
    if (name === '__proto__') return 'has a member __proto__';
    const names = open.at(-1);
    if (names?.has(name)) return 'has two members of one name';
    names?.add(name);
    return undefined;
  }

  return ({ source, value }) => {
    switch (source[0]) {
      case '{':
        return nested(new Set());
      case '[':
        return nested();
      case '}':
      case ']':
        open.pop();
        return undefined;
      case '"':
        lastString = value;
        return value.isWellFormed() ? undefined : 'has half of a surrogate pair';
      case ':':
        return named(lastString);
      default:
        return isHeldByDouble(source) ? undefined : 'has a number that no double holds';
    }
  };
}

/** Commas and keywords are no numbers. */
function isHeldByDouble(token: string): boolean {
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(Number(token));
  return !/^-?\d/.test(token) || Number.isFinite(Number(token));
}
