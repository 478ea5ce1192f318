import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { secretsManagerClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { createHttpPost, type HttpPost } from '../shared/http/http-post.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { parseWebhookUrl } from './webhook-url.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const secrets = new SecretsProvider({ awsSdkV3Client: secretsManagerClient() });

async function webhook(): Promise<HttpPost> {
  const secret = await secrets.get(env.WEBHOOK_SECRET_ID, { maxAge: env.WEBHOOK_SECRET_MAX_AGE_SECONDS });
  // What a robot refuses it says in a few hundred bytes.
  return createHttpPost({ url: parseWebhookUrl(secret), timeoutMs: env.WEBHOOK_TIMEOUT_MS, mostAnswerBytes: 4_096 });
}

// Called by AWS, once per batch of what on-call is told.
export const handler = createHandler({
  kind: env.WEBHOOK_KIND,
  webhook,
  now: () => new Date(),
  log: createTelemetry().log,
});
