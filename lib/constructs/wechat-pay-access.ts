import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { WechatPayApiEnv } from '../../lambdas/shared/wechat-pay/api/env.ts';
import type { MerchantSecretEnv } from '../../lambdas/shared/wechat-pay/secret-env.ts';
import type { Config } from '../config.ts';

/** What a function is given to read the merchant's secret. Grant it that, too. */
export function merchantSecretEnvironment(
  secret: Secret,
  { secretMaxAge }: Pick<Config['wechatPay'], 'secretMaxAge'>,
): Record<keyof MerchantSecretEnv, string> {
  return {
    WECHAT_PAY_SECRET_ID: secret.secretArn,
    WECHAT_PAY_SECRET_MAX_AGE_SECONDS: String(secretMaxAge.toSeconds()),
  };
}

/** What a function is given to ask WeChat Pay, at that address. */
export function wechatPayApiEnvironment(
  url: string,
  secret: Secret,
  config: Config['wechatPay'],
): Record<keyof WechatPayApiEnv, string> {
  return {
    ...merchantSecretEnvironment(secret, config),
    WECHAT_PAY_API_URL: url,
    WECHAT_PAY_API_TIMEOUT_MS: String(config.apiTimeout.toMilliseconds()),
  };
}

/** Not CDK's own grant, which lets it describe the secret too. */
export function grantMerchantSecret(fn: IFunction, { secretArn }: Secret): void {
  fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }));
}
