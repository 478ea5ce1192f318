import { RE2JS } from 're2js';
import { type LookaheadPattern, splitLookaheads } from './lookahead.ts';

/** Tells which names a policy applies to. */
export interface Pattern {
  matches(name: string): boolean;
}

/** The pattern is PCRE that cannot be evaluated here exactly, or not without risk. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Compiles a policy's pattern: PCRE, unanchored (rule 4.9.3).
 *
 * RE2's syntax is PCRE's without lookaround, back references, atomic groups and possessive quantifiers, and takes linear time:
 * a pattern of JavaScript's could keep a function busy for ever. Lookaheads at the beginning, common to spare `amq.*`, are
 * evaluated each by itself. Throws a `PatternError` for the rest.
 */
export function compilePattern(pattern: string): Pattern {
  const split = splitLookaheads(pattern);
  if (split) return compileLookaheads(split);
  const re2 = compile(pattern);
  return { matches: (name) => re2.matcher(name).find() };
}

function compileLookaheads({ anchored, lookaheads, rest }: LookaheadPattern): Pattern {
  const conditions = [...lookaheads, { pattern: rest, negative: false }].map(({ pattern, negative }) => {
    const re2 = compile(pattern);
    if (!anchored && /\\[bBA]|(?<!\[)\^/.test(pattern))
      throw new PatternError('a lookahead stands before what depends on its place');
    return { re2, negative };
  });
  const matchesFrom = (text: string): boolean =>
    conditions.every(({ re2, negative }) => re2.matcher(text).lookingAt() !== negative);
  return {
    matches: (name) => {
      const starts = anchored ? [0] : Array.from({ length: name.length + 1 }, (_, at) => at);
      return starts.some((at) => matchesFrom(name.slice(at)));
    },
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new PatternError(reasonOf(pattern, error));
  }
}

function reasonOf(pattern: string, error: unknown): string {
  if (/\(\?<[=!]/.test(pattern)) return 'lookbehind is not supported';
  if (/\(\?[=!]/.test(pattern)) return 'it has a lookahead that does not stand at its beginning';
  if (/\(\?>|[*+?}]\+/.test(pattern)) return 'possessive quantifiers and atomic groups are not supported';
  if (/\\([1-9]|[gk][{<'])/.test(pattern)) return 'back references are not supported';
  return error instanceof Error ? error.message : 'it is no regular expression';
}
