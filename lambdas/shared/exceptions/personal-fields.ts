/**
 * Fields of a JSON body that are about a person, by their path: `payer.openid`, `items.receiver` (of each item). Declared for a queue in
 * `lib/consumers.ts`.
 */
export type PersonalFields = readonly string[];

export const mask = '•••';

/** The body with its personal fields masked. One that is no JSON object or array is masked as a whole, if anything of it is personal. */
export function maskedBody(body: string, fields: PersonalFields): string {
  if (fields.length === 0) return body;
  const value = parsed(body);
  if (typeof value !== 'object' || value === null) return mask;
  for (const field of fields) maskAt(value, field.split('.'));
  try {
    return JSON.stringify(value);
  } catch {
    // Nested deeper than the stack: nobody can tell what of it is personal.
    return mask;
  }
}

/** What an error says, without the values of the body's personal fields. */
export function redacted(text: string, body: string, fields: PersonalFields): string {
  if (fields.length === 0) return text;
  const value = parsed(body);
  const values = fields.flatMap((field) => valuesAt(value, field.split('.')));
  // The longest first: one may be a part of another.
  const words = values.filter((word) => word.length > 1).sort((one, other) => other.length - one.length);
  return words.reduce((rest, word) => rest.replaceAll(word, mask), text);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function maskAt(value: unknown, [name, ...rest]: readonly string[]): void {
  if (name === undefined) return;
  for (const one of itemsOf(value)) {
    if (!isObject(one) || !Object.hasOwn(one, name)) continue;
    if (rest.length > 0) maskAt(one[name], rest);
    else one[name] = mask;
  }
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): string[] {
  if (name === undefined) return leaves(value);
  return itemsOf(value).flatMap((one) => (isObject(one) && Object.hasOwn(one, name) ? valuesAt(one[name], rest) : []));
}

/** What lies in an array, and in arrays within it; a value that is none is the only one. A body may be nested deeper than a stack: nothing here calls itself for that. */
function itemsOf(value: unknown): unknown[] {
  return unfolded(value, (one) => (Array.isArray(one) ? one : undefined));
}

function leaves(value: unknown): string[] {
  const found = unfolded(value, (one) => (isObject(one) ? Object.values(one) : undefined));
  return found.flatMap((leaf) => (leaf === undefined || leaf === null ? [] : [String(leaf)]));
}

function unfolded(value: unknown, within: (one: unknown) => readonly unknown[] | undefined): unknown[] {
  const found: unknown[] = [];
  const left = [value];
  while (left.length > 0) {
    const one = left.pop();
    const inner = within(one);
    if (inner) for (const each of inner) left.push(each);
    else found.push(one);
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
