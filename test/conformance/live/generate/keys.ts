import * as fc from 'fast-check';

/** Few words, so that keys and bindings meet: empty ones, wildcards as text, case, several bytes a character. */
const words = ['a', 'b', '', 'A', '订', 'a*', '🧾'];
const anyWord = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b') },
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constantFrom('*', '#') },
);

/** The first four have 255 bytes, the longest there is (rule 4.1.7), in characters of one, two, three and four bytes. */
const longest = [
  'x'.repeat(255),
  `${'ü'.repeat(127)}x`,
  '订'.repeat(85),
  `${'🧾'.repeat(63)}abc`,
  // Of many words only so many: with three `#` in a binding, brokers before 4.3 take minutes for 256 (rule 4.1.14).
  `${'a.'.repeat(40)}b`,
  '.'.repeat(60),
];
const odd = [' ', 'a b', '\u0000', '.', '..', 'gro\u0308ße', 'größe'];

export const anyKey: fc.Arbitrary<string> = fc.oneof(
  { weight: 16, arbitrary: fc.array(anyWord, { maxLength: 4 }).map((parts) => parts.join('.')) },
  { weight: 1, arbitrary: fc.constantFrom(...longest, ...odd) },
);

const anyPatternWord = fc.oneof(
  { weight: 4, arbitrary: anyWord },
  { weight: 2, arbitrary: fc.constant('*') },
  { weight: 2, arbitrary: fc.constant('#') },
);

/** A topic binding with no more `#` words than the broker takes (rule 4.1.10). */
export function anyPattern(maxHashWords: number): fc.Arbitrary<string> {
  const pattern = fc.array(anyPatternWord, { maxLength: 5 }).map((parts) => {
    let hashes = 0;
    return parts.map((word) => (word === '#' && ++hashes > maxHashWords ? '*' : word)).join('.');
  });
  return fc.oneof({ weight: 12, arbitrary: pattern }, { weight: 1, arbitrary: fc.constantFrom(...longest) });
}

/** A key made from a binding key, so that it often matches: each wildcard becomes words it could stand for, or stays as text. */
export function keyFor(bindingKey: string): fc.Arbitrary<string> {
  const parts = bindingKey === '' ? [] : bindingKey.split('.');
  const chosen = parts.map((word): fc.Arbitrary<readonly string[]> => {
    if (word === '*') return anyWord.map((one) => [one]);
    if (word === '#') return fc.array(anyWord, { maxLength: 3 });
    return fc.constant([word]);
  });
  return fc
    .tuple(...chosen)
    .map((all) => all.flat().join('.'))
    .filter((key) => Buffer.byteLength(key) <= 255);
}
