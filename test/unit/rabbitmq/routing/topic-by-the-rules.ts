/**
 * A second reading of rules 4.1.1 to 4.1.8, for comparison: each rule as it is written, at whatever cost. It shares nothing
 * with the matcher under test.
 */
export function topicMatchesByTheRules(bindingKey: string, routingKey: string): boolean {
  return wordsMatch(wordsOf(bindingKey), wordsOf(routingKey));
}

function wordsOf(key: string): readonly string[] {
  return key.length === 0 ? [] : key.split('.');
}

function wordsMatch(pattern: readonly string[], words: readonly string[]): boolean {
  if (pattern.length === 0) return words.length === 0;
  const [expected, ...laterPattern] = pattern;
  const [word, ...laterWords] = words;
  if (expected === '#') return wordsMatch(laterPattern, words) || (words.length > 0 && wordsMatch(pattern, laterWords));
  if (word === undefined) return false;
  return (expected === '*' || expected === word) && wordsMatch(laterPattern, laterWords);
}
