import leven from 'leven';

/** Edits within which a name is taken for another one. */
const nearEdits = 2;

/** Says that there is no such field, and which was meant; none is near, and it names all there are. `of`: what the fields are of. */
export function noSuchField(given: string, of: string, known: readonly string[]): string {
  const nearest = known.filter((one) => isNear(given, one));
  const meant = nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : `there are ${known.join(', ')}`;
  return `${given} is no field of ${of}: ${meant}`;
}

/** But for spelling, which differs between RabbitMQ's own tools, a beginning of it, or a slip. */
function isNear(given: string, known: string): boolean {
  const [one, other] = [plain(given), plain(known)];
  if (one === '') return false;
  return other.startsWith(one) || leven(one, other) <= nearEdits;
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
