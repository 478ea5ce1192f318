import { z } from 'zod';
import { parseSecret } from '../parse-secret.ts';
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
  const refuse = (problems: readonly string[]) => new InvalidOrderNumberKeysError(problems);
  const { current, ...keys } = parseSecret(secret, secretSchema, refuse);
  const strange = Object.keys(keys).filter((name) => !version.safeParse(name).success);
  if (strange.length > 0) throw refuse(strange.map((name) => `${name}: is no version`));
  if (keys[current] === undefined) throw refuse([`current: there is no key ${current}`]);
  return { current, keys };
}
