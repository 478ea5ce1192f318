import type { WebhookKind } from '../lambdas/on-call-webhook/env.ts';

/** Who hears, as `-c onCallEmail=…`, `-c escalationEmail=…` and `-c onCallWebhook=…` say. */
export interface OnCallContext {
  readonly email?: string | undefined;
  readonly escalationEmail?: string | undefined;
  readonly webhook?: OnCallWebhook | undefined;
}

/** A group chat. The URL is a secret: whoever knows it may write there. */
export interface OnCallWebhook {
  readonly kind: WebhookKind;
  readonly secretArn: string;
}

/** `-c onCallWebhook=…` says nothing that is understood. Its value is not told: it may be the URL itself. */
export class OnCallWebhookError extends Error {
  override readonly name = 'OnCallWebhookError';

  constructor() {
    super(
      `-c onCallWebhook=… must be KIND:SECRET_ARN: ${kinds.join(', ')}; and the whole ARN of a secret in Secrets Manager that holds the URL, never the URL itself. To make one: aws secretsmanager create-secret --name on-call-webhook --secret-string file://url.txt`,
    );
  }
}

const known: Readonly<Record<WebhookKind, true>> = { slack: true, wecom: true, dingtalk: true, feishu: true };
const kinds = Object.keys(known);

/** A whole ARN ends in six characters that Secrets Manager adds: without them a policy needs a wildcard. */
const secretArn = /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/;

/** The value of `-c onCallWebhook=…`. Default: none. Throws an `OnCallWebhookError`. */
export function parseWebhook(value: unknown): OnCallWebhook | undefined {
  if (value === undefined) return undefined;
  const [, kind = '', arn = ''] = /^([a-z]+):(.*)$/.exec(String(value)) ?? [];
  if (!isKind(kind) || !secretArn.test(arn)) throw new OnCallWebhookError();
  return { kind, secretArn: arn };
}

function isKind(kind: string): kind is WebhookKind {
  return Object.hasOwn(known, kind);
}
