import { z } from 'zod';
import { parseSecret } from '../shared/parse-secret.ts';

/** Somebody has filled the secret of the merchant's webhook with what is none. Names of fields only: values are secrets. */
export class InvalidWebhookKeysError extends Error {
  override readonly name = 'InvalidWebhookKeysError';

  constructor(problems: readonly string[]) {
    super(`the secret MerchantWebhookKeysId: ${problems.join('; ')}`);
  }
}

/** Standard Webhooks: 24 to 64 bytes as base64, with or without the prefix that says what it is. */
const key = z
  .string()
  .regex(/^(whsec_)?[A-Za-z0-9+/]+={0,2}$/, 'must be base64, with or without whsec_ before it')
  .transform((text) => Buffer.from(text.replace(/^whsec_/, ''), 'base64'))
  .refine(({ length }) => length >= 24 && length <= 64, 'must be 24 to 64 bytes');

const secretSchema = z.strictObject({ current: key, previous: key.optional() });

/**
 * The keys to sign with, from `{"current":"…"}`, or `{"current":"…","previous":"…"}` while the merchant changes to a new one. Throws an
 * `InvalidWebhookKeysError`.
 */
export function parseWebhookKeys(secret: string | Uint8Array | undefined): readonly Buffer[] {
  const { current, previous } = parseSecret(secret, secretSchema, (problems) => new InvalidWebhookKeysError(problems));
  return previous ? [current, previous] : [current];
}
