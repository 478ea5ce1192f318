const citation = /\brules? (\d+(?:\.\d+)+(?:(?:, | and | to )\d+(?:\.\d+)+)*)/g;

/** The rules a text cites: `rule 4.1.2`, `rules 4.8.8, 4.9.4`, `rules 4.1.1 to 4.1.8`, as single ids. */
export function rulesIn(text: string): string[] {
  return [...text.matchAll(citation)].flatMap(([, list = '']) => list.split(/, | and /).flatMap(rangeOf));
}

/** The text without what it cites in brackets. */
export function withoutCitations(text: string): string {
  return text.replaceAll(/ \(rules? \d[^)]*\)/g, '');
}

/** `4.1.1 to 4.1.3` as 4.1.1, 4.1.2, 4.1.3. */
function rangeOf(text: string): string[] {
  const [first = '', last] = text.split(' to ');
  if (last === undefined) return [first];
  const [from, to] = [placeOf(first), placeOf(last)];
  if (from.section !== to.section || to.number < from.number) throw new Error(`'${text}' is no range within a section`);
  return Array.from({ length: to.number - from.number + 1 }, (_, at) => `${from.section}.${from.number + at}`);
}

function placeOf(id: string): { section: string; number: number } {
  const dot = id.lastIndexOf('.');
  return { section: id.slice(0, dot), number: Number(id.slice(dot + 1)) };
}
