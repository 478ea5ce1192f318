import { RE2JS } from 're2js';

/** Tells which names a policy applies to. */
export interface Pattern {
  matches(name: string): boolean;
}

/** The pattern is PCRE that cannot be evaluated here exactly, or not without risk. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const lookaround = /\(\?<?[=!]/;
const possessiveOrAtomic = /\(\?>|[*+?}]\+/;
const inlineFlags = /\(\?[a-z]+[):]/;
/** A repeated group with a repetition inside: JavaScript may take for ever on it, and RabbitMQ’s PCRE has limits of its own. */
const nestedRepetition = /\([^()]*[*+}][^()]*\)[*+{]/;

/**
 * Compiles a policy's pattern: PCRE, unanchored (rule 4.9.3).
 *
 * RE2's syntax is PCRE's without lookaround, back references, atomic groups and possessive quantifiers, and takes linear time. A
 * pattern with lookaround, common to spare `amq.*`, is left to JavaScript where both mean the same. Throws a `PatternError`
 * for what neither takes.
 */
export function compilePattern(pattern: string): Pattern {
  try {
    const re2 = RE2JS.compile(pattern);
    return { matches: (name) => re2.matcher(name).find() };
  } catch (error) {
    if (!lookaround.test(pattern)) throw new PatternError(reasonOf(pattern, error));
  }
  if (possessiveOrAtomic.test(pattern) || inlineFlags.test(pattern) || nestedRepetition.test(pattern)) {
    throw new PatternError('it joins lookaround with what JavaScript’s patterns take differently, or for ever');
  }
  try {
    const compiled = new RegExp(pattern, 'u');
    return { matches: (name) => compiled.test(name) };
  } catch (error) {
    throw new PatternError(reasonOf(pattern, error));
  }
}

function reasonOf(pattern: string, error: unknown): string {
  if (possessiveOrAtomic.test(pattern)) return 'it has a possessive quantifier or an atomic group';
  return error instanceof Error ? error.message : 'it is no regular expression';
}
