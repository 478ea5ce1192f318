import { z } from 'zod';

/** What a command asks, or its answer, by name. */
export type Fields = Readonly<Record<string, unknown>>;

const fieldsSchema = z.record(z.string(), z.unknown());

/** The same object, when it is one. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  return fieldsSchema.parse(value);
}

export function listOf(value: unknown): Fields[] {
  return z.array(z.unknown()).parse(value).map(fieldsOf);
}

/** What of it is text, as keys are. */
export function textIn(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
