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
  return JSON.stringify(value);
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
  if (Array.isArray(value)) {
    for (const one of value) maskAt(one, name === undefined ? [] : [name, ...rest]);
    return;
  }
  if (!isObject(value) || name === undefined || !Object.hasOwn(value, name)) return;
  if (rest.length > 0) maskAt(value[name], rest);
  else value[name] = mask;
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return leaves(value);
  return isObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : [];
}

function leaves(value: unknown): string[] {
  if (isObject(value)) return Object.values(value).flatMap(leaves);
  return value === undefined || value === null ? [] : [String(value)];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
