import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerClient } from '../aws/clients.ts';
import { type MerchantSecret, parseMerchantSecret } from './merchant-secret.ts';
import type { MerchantSecretEnv } from './secret-env.ts';

/** Fetches a secret when it is first needed, and again when it is too old. Once per cold start. */
export function configuredSecrets(
  env: Pick<MerchantSecretEnv, 'WECHAT_PAY_SECRET_MAX_AGE_SECONDS'>,
  awsSdkV3Client: SecretsManagerClient = secretsManagerClient(),
): (id: string) => Promise<string | Uint8Array | undefined> {
  const secrets = new SecretsProvider({ awsSdkV3Client });
  const maxAge = env.WECHAT_PAY_SECRET_MAX_AGE_SECONDS;
  return (id) => secrets.get(id, { maxAge });
}

/** For who only takes notifications in. */
export function configuredMerchantSecret(
  env: MerchantSecretEnv,
  client?: SecretsManagerClient,
): () => Promise<MerchantSecret> {
  const fetched = configuredSecrets(env, client);
  return async () => parseMerchantSecret(await fetched(env.WECHAT_PAY_SECRET_ID));
}
