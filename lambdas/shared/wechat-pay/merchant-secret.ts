import { z } from 'zod';
import { UnavailableError } from '../consumer/errors.ts';
import { parseSecret } from '../parse-secret.ts';

const pem = z.string().startsWith('-----BEGIN ', { error: 'is not PEM' });

/** What the secret `MerchantSecretId` holds: who we are, and what proves who they are. */
const merchantSecretSchema = z.object({
  mchid: z.string().min(1),
  appids: z.array(z.string().min(1)).min(1),
  apiV3Key: z.string().refine((key) => Buffer.byteLength(key) === 32, { error: 'is not 32 bytes' }),
  /** PEM of each public key or platform certificate, by its serial; several during a migration. */
  publicKeys: z.record(z.string(), pem),
});

export type MerchantSecret = z.infer<typeof merchantSecretSchema>;

/** `wechat-pay-notify`, which anybody may call, can read this secret: what signs refunds must not be in it. */
const withoutMerchantKeySchema = merchantSecretSchema.extend({
  publicKeys: z.record(
    z.string(),
    pem.refine((key) => !key.includes('PRIVATE KEY'), {
      error: 'is a private key: take it out, the ingress can read it',
    }),
  ),
  merchantKey: z
    .undefined({ error: 'move it to the secret MerchantKeySecretId, and out of this one, which the ingress can read' })
    .optional(),
});

/** The secret is not what it should be, for every message alike. Names the fields, never their values. */
export class InvalidMerchantSecretError extends UnavailableError {
  override readonly name = 'InvalidMerchantSecretError';

  constructor(problems: readonly string[]) {
    super(
      `the WeChat Pay secret MerchantSecretId must hold mchid, appids, apiV3Key and publicKeys: ${problems.join(', ')}`,
    );
  }
}

/** For who takes notifications in: a `merchantKey` is left out, not refused, for no payment may wait until somebody has moved it. */
export function parseMerchantSecret(value: string | Uint8Array | undefined): MerchantSecret {
  return parseSecret(value, merchantSecretSchema, refused);
}

/** For who asks, and can wait: refuses a `merchantKey`, so that on-call hears of it. */
export function parseMerchantSecretToAsk(value: string | Uint8Array | undefined): MerchantSecret {
  return parseSecret(value, withoutMerchantKeySchema, refused);
}

const refused = (problems: readonly string[]) => new InvalidMerchantSecretError(problems);
