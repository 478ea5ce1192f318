import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { beijingTime } from './time.ts';

const tagBytes = 16;

/** What a notification tells, and as what. */
export interface Told {
  readonly event_type: string;
  readonly original_type: string;
  readonly summary: string;
  readonly resource: unknown;
}

/** The body of a notification: the resource encrypted for the merchant, everything else in the open. */
export function sealNotification(told: Told, apiV3Key: string, at: Date): string {
  const { event_type, original_type, summary, resource } = told;
  return JSON.stringify({
    id: randomUUID(),
    create_time: beijingTime(at),
    resource_type: 'encrypt-resource',
    event_type,
    summary,
    resource: {
      original_type,
      algorithm: 'AEAD_AES_256_GCM',
      ...encrypt(JSON.stringify(resource), apiV3Key, original_type),
    },
  });
}

/** What `resource` holds of an encrypted text: AES-256-GCM, a nonce of 12 characters, the tag behind the ciphertext. */
export function encrypt(text: string, apiV3Key: string, associatedData: string) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
  cipher.setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { ciphertext: sealed.toString('base64'), nonce, associated_data: associatedData };
}

/** The text again; throws when anything of it was changed. */
export function decrypt({ ciphertext, nonce, associated_data }: ReturnType<typeof encrypt>, apiV3Key: string): string {
  const sealed = Buffer.from(ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(associated_data));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return decipher.update(sealed.subarray(0, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
}
