import type { z } from 'zod';

/** A secret that is a JSON object. Throws what `refuse` makes of the problems, which name fields and never repeat a value. */
export function parseSecret<T>(
  value: string | Uint8Array | undefined,
  schema: z.ZodType<T>,
  refuse: (problems: readonly string[]) => Error,
): T {
  const parsed = schema.safeParse(parseJson(value, refuse));
  if (parsed.success) return parsed.data;
  throw refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'secret'}: ${message}`));
}

/** Own parsing, because a JSON parser's error quotes the text it could not read. */
function parseJson(value: string | Uint8Array | undefined, refuse: (problems: readonly string[]) => Error): unknown {
  try {
    return JSON.parse(typeof value === 'string' ? value : new TextDecoder().decode(value));
  } catch {
    throw refuse(['it is not JSON (a secret that nobody has filled holds a random text)']);
  }
}
