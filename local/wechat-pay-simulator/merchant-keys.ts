import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { merchantSecretSchema } from '../../lambdas/shared/wechat-pay/merchant-secret.ts';

/** Both halves: what the merchant keeps in Secrets Manager, and WeChat Pay's private key, which only a simulator can have. */
export const merchantKeysSchema = z.object({
  secret: merchantSecretSchema,
  serial: z.string(),
  privateKey: z.string(),
});

export type MerchantKeys = z.infer<typeof merchantKeysSchema>;

export function createMerchantKeys(): MerchantKeys {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const serial = `PUB_KEY_ID_${randomBytes(17).toString('hex')}`;
  return {
    serial,
    privateKey,
    secret: {
      mchid: '1900000001',
      appids: ['wx0000000000000001'],
      apiV3Key: randomBytes(16).toString('hex'),
      publicKeys: { [serial]: publicKey },
    },
  };
}

/** Throws an error that names the file, and repeats nothing of it. */
export function readMerchantKeys(file: string): MerchantKeys {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${error instanceof SyntaxError ? 'it is none' : error}`);
  }
  const parsed = merchantKeysSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const isSecretHalf = merchantSecretSchema.safeParse(json).success;
  throw new Error(
    `${file} is not what npm run simulator-keys made${isSecretHalf ? ": it is the merchant's half alone, give the file without .secret" : ''}.`,
  );
}

export function writeMerchantKeys(file: string, keys: MerchantKeys): void {
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}
