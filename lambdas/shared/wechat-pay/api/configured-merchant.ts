import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { configuredSecrets } from '../configured-secret.ts';
import { parseMerchantSecretToAsk } from '../merchant-secret.ts';
import type { AskingMerchant } from './call.ts';
import type { WechatPayApiEnv } from './env.ts';
import { parseMerchantKey } from './merchant-key.ts';

/** Both secrets, each fetched again when it is too old. Once per cold start. */
export function configuredMerchant(
  env: Pick<WechatPayApiEnv, 'WECHAT_PAY_SECRET_ID' | 'WECHAT_PAY_KEY_SECRET_ID' | 'WECHAT_PAY_SECRET_MAX_AGE_SECONDS'>,
  client?: SecretsManagerClient,
): AskingMerchant {
  const fetched = configuredSecrets(env, client);
  return {
    merchantSecret: async () => parseMerchantSecretToAsk(await fetched(env.WECHAT_PAY_SECRET_ID)),
    merchantKey: async () => parseMerchantKey(await fetched(env.WECHAT_PAY_KEY_SECRET_ID)),
  };
}
