import { z } from 'zod';
import type { OrderNumberKeys } from './order-numbers.ts';

/** Somebody has filled the secret of the order numbers with what is none. Names of fields only: values are secrets. */
export class InvalidOrderNumberKeysError extends Error {
  override readonly name = 'InvalidOrderNumberKeysError';

  constructor(problems: readonly string[]) {
    super(`the secret of the order numbers' keys: ${problems.join('; ')}`);
  }
}

const version = z.string().regex(/^[1-9]$/, 'must be a digit from 1 to 9');
const key = z.string().min(16, 'must have at least 16 characters');
const secretSchema = z.object({ current: version }).catchall(key);

/**
 * Parses the secret: a JSON object with the keys by their versions, and which of them is current: `{"current":"1","1":"…"}`. Throws an
 * `InvalidOrderNumberKeysError`.
 */
export function parseOrderNumberKeys(secret: string | Uint8Array | undefined): OrderNumberKeys {
  const parsed = secretSchema.safeParse(parseJson(secret));
  if (!parsed.success) {
    throw new InvalidOrderNumberKeysError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`),
    );
  }
  const { current, ...keys } = parsed.data;
  const strange = Object.keys(keys).filter((name) => !version.safeParse(name).success);
  if (strange.length > 0) throw new InvalidOrderNumberKeysError(strange.map((name) => `${name}: is no version`));
  if (keys[current] === undefined) throw new InvalidOrderNumberKeysError([`current: there is no key ${current}`]);
  return { current, keys };
}

/** Own parsing, because a JSON parser's error quotes the text it could not read. */
function parseJson(secret: string | Uint8Array | undefined): unknown {
  try {
    return JSON.parse(typeof secret === 'string' ? secret : new TextDecoder().decode(secret));
  } catch {
    throw new InvalidOrderNumberKeysError(['it is not JSON']);
  }
}
