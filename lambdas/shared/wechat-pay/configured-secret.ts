import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { secretsManagerClient } from '../aws/clients.ts';
import { type MerchantSecret, parseMerchantSecret } from './merchant-secret.ts';
import type { MerchantSecretEnv } from './secret-env.ts';

/** Fetches the secret when it is first needed, and again when it is too old. Once per cold start. */
export function configuredMerchantSecret(env: MerchantSecretEnv): () => Promise<MerchantSecret> {
  const secrets = new SecretsProvider({ awsSdkV3Client: secretsManagerClient() });
  const maxAge = env.WECHAT_PAY_SECRET_MAX_AGE_SECONDS;
  return async () => parseMerchantSecret(await secrets.get(env.WECHAT_PAY_SECRET_ID, { maxAge }));
}
