import { z } from 'zod';
import { UnavailableError } from '../../consumer/errors.ts';
import { parseSecret } from '../../parse-secret.ts';

/** What the secret `MerchantKeySecretId` holds: our own API certificate (商户API证书), its serial and the private key that signs what we ask. */
const merchantKeySchema = z.object({
  serial: z.string().min(1),
  // Beside it in WeChat Pay's download lies the certificate, which is PEM too.
  privateKey: z.string().regex(/^-----BEGIN (RSA )?PRIVATE KEY-----/, { error: 'is not a private key in PEM' }),
});

export type MerchantKey = z.infer<typeof merchantKeySchema>;

/** Nothing can be asked, for every message alike. Names the fields, never their values. */
export class InvalidMerchantKeyError extends UnavailableError {
  override readonly name = 'InvalidMerchantKeyError';

  constructor(problems: readonly string[]) {
    super(
      `the WeChat Pay secret MerchantKeySecretId must hold serial and privateKey of the merchant's API certificate: ${problems.join(', ')}`,
    );
  }
}

export function parseMerchantKey(value: string | Uint8Array | undefined): MerchantKey {
  return parseSecret(value, merchantKeySchema, (problems) => new InvalidMerchantKeyError(problems));
}
