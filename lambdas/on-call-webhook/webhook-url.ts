import { outsideUrlSchema } from '../shared/http/outside-url.ts';

/** The secret is no URL that on-call's messages may be sent to. Its value is not told. */
export class InvalidWebhookUrlError extends Error {
  override readonly name = 'InvalidWebhookUrlError';

  constructor() {
    super('the secret of the on-call webhook must be its URL and nothing else: https://…, without credentials');
  }
}

export function parseWebhookUrl(secret: string | Uint8Array | undefined): string {
  const parsed = outsideUrlSchema.safeParse(typeof secret === 'string' ? secret.trim() : undefined);
  if (parsed.success) return parsed.data;
  throw new InvalidWebhookUrlError();
}
