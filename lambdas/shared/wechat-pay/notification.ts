import { z } from 'zod';
import { decryptResource } from './decrypt-resource.ts';
import type { MerchantSecret } from './merchant-secret.ts';
import { NotificationRefusedError } from './refusal.ts';
import { type ClaimedSignature, readSignature, type SignatureHeaders, verifySigned } from './signature.ts';

const notificationSchema = z.object({
  id: z.string().min(1).max(64),
  event_type: z.string().min(1).max(64),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    original_type: z.string().min(1).max(64),
    ciphertext: z.base64().min(1),
    nonce: z.string().min(1),
    associated_data: z.string().nullish(),
  }),
});

export type Notification = z.infer<typeof notificationSchema>;

/** A notification that WeChat Pay signed and encrypted for us. */
export interface VerifiedNotification {
  readonly notification: Notification;
  /** The decrypted resource; holds personal data. */
  readonly resource: unknown;
}

/** Far above any notification; a limit on what an unknown caller can make us hash. */
export const maxBodyBytes = 64 * 1024;
/** Five minutes either way, as the public implementations do; no Tencent page prescribes it. */
const windowSeconds = 300;

/**
 * What can be refused without a key, so that a stranger's request costs nothing outside this process: too large, headers that are missing, came
 * twice or are too old, and the XML of APIv2, another protocol. Throws a `NotificationRefusedError`.
 */
export function claimNotification(body: Buffer, headers: SignatureHeaders, now: Date): ClaimedSignature {
  if (body.length > maxBodyBytes) {
    throw new NotificationRefusedError(
      'body-too-large',
      `the body is ${body.length} bytes; at most ${maxBodyBytes} are read`,
    );
  }
  if (isXml(body) && !headers['wechatpay-signature']) {
    throw new NotificationRefusedError(
      'v2-notification',
      'this is a notification of APIv2, in XML: APIv3 alone is read',
    );
  }
  return readSignature(headers, { now, windowSeconds });
}

/** Verifies, then decrypts, in that order (必须先验签再解密). Throws a `NotificationRefusedError` that says what is wrong and repeats nothing of the input. */
export function openNotification(
  body: Buffer,
  claimed: ClaimedSignature,
  secret: Pick<MerchantSecret, 'publicKeys' | 'apiV3Key'>,
): VerifiedNotification {
  verifySigned(body, claimed, secret.publicKeys);
  const notification = parseNotification(parseJson(body, 'the body'));
  const resource = parseJson(decryptResource(notification.resource, secret.apiV3Key), 'the resource');
  return { notification, resource };
}

/** Both at once, for whoever has the keys at hand. */
export function verifyNotification(
  body: Buffer,
  headers: SignatureHeaders,
  secret: MerchantSecret,
  now: Date,
): VerifiedNotification {
  return openNotification(body, claimNotification(body, headers, now), secret);
}

/** Its first character, behind a byte order mark and white space. */
function isXml(body: Buffer): boolean {
  return /^\ufeff?\s*</.test(body.subarray(0, 64).toString('utf8'));
}

function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'JSON' : 'UTF-8';
    throw new NotificationRefusedError('malformed', `${what} is not ${reason}`);
  }
}

function parseNotification(value: unknown): Notification {
  const parsed = notificationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'the body'} (${code})`);
  throw new NotificationRefusedError('malformed', `the body is not a notification: ${problems.join(', ')}`);
}
