import { z } from 'zod';

const pem = z.string().startsWith('-----BEGIN ', { error: 'is not PEM' });

/** What the secret in Secrets Manager holds: who we are, and what proves who they are. */
export const merchantSecretSchema = z.object({
  mchid: z.string().min(1),
  appids: z.array(z.string().min(1)).min(1),
  apiV3Key: z.string().refine((key) => Buffer.byteLength(key) === 32, { error: 'is not 32 bytes' }),
  /** PEM of each public key or platform certificate, by its serial; several during a migration. */
  publicKeys: z.record(z.string(), pem),
  /**
   * Our own API certificate (商户API证书): its serial, and the private key that signs what we ask. Without it notifications are taken, and
   * nothing can be asked.
   */
  merchantKey: z.object({ serial: z.string().min(1), privateKey: pem }).optional(),
});

export type MerchantSecret = z.infer<typeof merchantSecretSchema>;

/** The secret is not what it should be. Names the fields, never their values. */
export class InvalidMerchantSecretError extends Error {
  override readonly name = 'InvalidMerchantSecretError';

  constructor(problems: readonly string[]) {
    super(`the WeChat Pay secret must hold mchid, appids, apiV3Key and publicKeys: ${problems.join(', ')}`);
  }
}

export function parseMerchantSecret(secretValue: string | Uint8Array | undefined): MerchantSecret {
  const parsed = merchantSecretSchema.safeParse(parseJson(secretValue));
  if (parsed.success) return parsed.data;
  throw new InvalidMerchantSecretError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'secret'}: ${message}`),
  );
}

/** Own parsing, because a JSON parser's error quotes the text it could not read. */
function parseJson(text: string | Uint8Array | undefined): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
  } catch {
    throw new InvalidMerchantSecretError(['it is not JSON']);
  }
}
