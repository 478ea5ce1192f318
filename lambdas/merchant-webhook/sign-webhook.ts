import { createHmac } from 'node:crypto';

/** The headers of Standard Webhooks 1.0.0, in lower case. */
export type WebhookHeaders = Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>>;

export interface Signed {
  /** The event id: the same for each attempt, and what the receiver knows a repeat by. */
  readonly id: string;
  /** Of this attempt. */
  readonly now: Date;
  /** As it is sent, to the character. */
  readonly body: string;
}

/**
 * HMAC-SHA256 over id, seconds and body, by each key: while a secret is rotated the receiver takes whichever signature fits the one it has
 * (standard-webhooks, spec/standard-webhooks.md, "Signature scheme").
 */
export function signWebhook({ id, now, body }: Signed, keys: readonly Buffer[]): WebhookHeaders {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
