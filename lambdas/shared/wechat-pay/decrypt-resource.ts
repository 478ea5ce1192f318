import { createDecipheriv } from 'node:crypto';
import { NotificationRefusedError } from './refusal.ts';

export interface EncryptedResource {
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associated_data?: string | null | undefined;
}

const tagBytes = 16;

/** AES-256-GCM with the APIv3 key; the last 16 bytes are the tag, and a wrong one throws (WeChat Pay APIv3, 证书和回调报文解密). */
export function decryptResource(resource: EncryptedResource, apiV3Key: string): Buffer {
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(resource.nonce), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(resource.associated_data ?? ''));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
  } catch {
    throw new NotificationRefusedError('decryption', 'the resource cannot be decrypted with our APIv3 key');
  }
}
