import leven from 'leven';

/** What somebody may have meant: the three names that differ least from the one that is not there. */
export function nearestNames(wanted: string, names: readonly string[]): string {
  const nearest = names.toSorted((one, other) => leven(wanted, one) - leven(wanted, other)).slice(0, 3);
  return nearest.length === 0 ? 'it declares none' : `did you mean ${nearest.map((one) => `'${one}'`).join(', ')}?`;
}
