import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const pem = z.string().startsWith('-----BEGIN ');
const signingKeySchema = z.object({ serial: z.string().min(1), privateKey: pem });

/** What signs for somebody, and the serial that names it. */
export type SigningKey = z.infer<typeof signingKeySchema>;

/** What of a merchant takes notifications in. Written down here anew, so that a mistake of the functions' own schema is seen. */
const secretSchema = z.object({
  mchid: z.string().min(1),
  appids: z.array(z.string().min(1)).min(1),
  apiV3Key: z.string().length(32),
  /** WeChat Pay's public keys by serial: one of a platform certificate, one that begins with PUB_KEY_ID_. */
  publicKeys: z.record(z.string(), pem),
});

/** Both halves: the merchant's two secrets, and WeChat Pay's private keys, which only a simulator can have. */
export const merchantKeysSchema = z.object({
  secret: secretSchema,
  /** The other secret: signs the merchant's requests; the serial is that of its API certificate. */
  merchantKey: signingKeySchema,
  /** Of WeChat Pay's public key, PUB_KEY_ID_…, what new merchants get. */
  serial: z.string(),
  privateKey: pem,
  /** What WeChat Pay signed with before its public keys. */
  platformCertificate: signingKeySchema,
  /** The public half of `merchantKey`. */
  merchantPublicKey: pem,
});

export type MerchantKeys = z.infer<typeof merchantKeysSchema>;

export function createMerchantKeys(): MerchantKeys {
  const wechatPay = keyPair();
  const certificate = keyPair();
  const merchant = keyPair();
  const serial = `PUB_KEY_ID_${randomBytes(17).toString('hex')}`;
  const platformCertificate = { serial: certificateSerial(), privateKey: certificate.privateKey };
  return {
    serial,
    privateKey: wechatPay.privateKey,
    platformCertificate,
    merchantPublicKey: merchant.publicKey,
    merchantKey: { serial: certificateSerial(), privateKey: merchant.privateKey },
    secret: {
      mchid: '1900000001',
      appids: ['wx0000000000000001'],
      apiV3Key: randomBytes(16).toString('hex'),
      publicKeys: { [serial]: wechatPay.publicKey, [platformCertificate.serial]: certificate.publicKey },
    },
  };
}

let stranger: SigningKey | undefined;

/** A key that nobody has been told of; of this process, and made when it is needed. */
export function strangerKey(): SigningKey {
  stranger ??= { serial: certificateSerial(), privateKey: keyPair().privateKey };
  return stranger;
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
  const isMerchantsHalf = z.union([secretSchema, signingKeySchema]).safeParse(json).success;
  throw new Error(
    `${file} is not what npm run simulator-keys makes${isMerchantsHalf ? ": it is the merchant's half alone, give the file without .secret in its name" : ''}.`,
  );
}

/** What only its owner may read. */
export function writeKeys(file: string, keys: object): void {
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}

function keyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** 40 hexadecimal digits. */
function certificateSerial(): string {
  return randomBytes(20).toString('hex').toUpperCase();
}
