import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Message } from '../../../rabbitmq/message.ts';
import { bodyBytesLimits } from '../../../rabbitmq/publishing/publish.ts';

/** Where a body lies that is too large to travel in SQS. */
export const claimSchema = z.strictObject({
  /** In the bucket of this deployment: the SHA-256 of the bytes. One body is one object, however many messages have it. */
  key: z.string().regex(/^[0-9a-f]{64}$/, { error: 'is no SHA-256 in hexadecimal' }),
  bytes: z.int().positive().max(bodyBytesLimits.most),
  /** What the payload is: the bytes as UTF-8, or as base64. */
  encoding: z.enum(['text', 'base64']),
});

export type Claim = z.infer<typeof claimSchema>;

/** A message whose body lies elsewhere. */
export interface Claimed extends Omit<Message, 'payload' | 'payloadEncoding'> {
  readonly claim: Claim;
}

/** There is no such object, or it may not be read: without s3:ListBucket, S3 answers 403 for both (S3 API reference, GetObject). */
export class BodyMissingError extends Error {
  override readonly name = 'BodyMissingError';

  constructor(key: string, cause: unknown) {
    super(`the body that the envelope names, ${key}, is not there or may not be read`, { cause });
  }
}

/** What lies there is not what was put there. */
export class BodyCorruptError extends Error {
  override readonly name = 'BodyCorruptError';

  constructor(key: string, wanted: number, found: number) {
    super(`the ${found} bytes at ${key} are not the ${wanted} bytes that were put there: the checksum differs`);
  }
}

export function claimOf({ payload, payloadEncoding }: Pick<Message, 'payload' | 'payloadEncoding'>): {
  readonly claim: Claim;
  readonly body: Buffer;
} {
  const encoding = payloadEncoding === 'base64' ? 'base64' : 'text';
  const body = Buffer.from(payload, encoding === 'base64' ? 'base64' : 'utf8');
  return { claim: { key: checksumOf(body), bytes: body.length, encoding }, body };
}

/** What `claimOf` was made of. Throws a `BodyCorruptError`. */
export function payloadOf(
  { key, bytes, encoding }: Claim,
  body: Uint8Array,
): Pick<Message, 'payload' | 'payloadEncoding'> {
  if (checksumOf(body) !== key) throw new BodyCorruptError(key, bytes, body.length);
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length);
  return encoding === 'base64'
    ? { payload: buffer.toString('base64'), payloadEncoding: 'base64' }
    : { payload: buffer.toString('utf8'), payloadEncoding: 'string' };
}

function checksumOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
