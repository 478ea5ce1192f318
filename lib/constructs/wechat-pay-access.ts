import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { WechatPayApiEnv } from '../../lambdas/shared/wechat-pay/api/env.ts';
import type { MerchantSecretEnv } from '../../lambdas/shared/wechat-pay/secret-env.ts';
import type { WechatPayConfig } from '../wechat-pay-config.ts';
import { grantReadSecret } from './grant-read-secret.ts';

/** What the merchant keeps for itself, apart because `wechat-pay-notify`, which anybody may call, needs only the first. */
export interface MerchantSecrets {
  /** Who it is, and what proves and decrypts what WeChat Pay says. */
  readonly merchantSecret: Secret;
  /** Signs what it asks of WeChat Pay, refunds too. */
  readonly merchantKeySecret: Secret;
}

/** What a function is given to take WeChat Pay's word. Grant it that, too. */
export function merchantSecretEnvironment(
  { merchantSecret }: Pick<MerchantSecrets, 'merchantSecret'>,
  { secretMaxAge }: Pick<WechatPayConfig, 'secretMaxAge'>,
): Record<keyof MerchantSecretEnv, string> {
  return {
    WECHAT_PAY_SECRET_ID: merchantSecret.secretArn,
    WECHAT_PAY_SECRET_MAX_AGE_SECONDS: String(secretMaxAge.toSeconds()),
  };
}

/** What a function is given to ask WeChat Pay, at that address. Grant it that, too. */
export function wechatPayApiEnvironment(
  url: string,
  secrets: MerchantSecrets,
  config: WechatPayConfig,
): Record<keyof WechatPayApiEnv, string> {
  return {
    ...merchantSecretEnvironment(secrets, config),
    WECHAT_PAY_KEY_SECRET_ID: secrets.merchantKeySecret.secretArn,
    WECHAT_PAY_API_URL: url,
    WECHAT_PAY_API_TIMEOUT_MS: String(config.apiTimeout.toMilliseconds()),
  };
}

/** To take WeChat Pay's word. */
export function grantMerchantSecret(fn: IFunction, { merchantSecret }: Pick<MerchantSecrets, 'merchantSecret'>): void {
  grantReadSecret(fn, merchantSecret);
}

/** To ask WeChat Pay in the merchant's name. */
export function grantToAskWechatPay(fn: IFunction, { merchantSecret, merchantKeySecret }: MerchantSecrets): void {
  grantReadSecret(fn, merchantSecret);
  grantReadSecret(fn, merchantKeySecret);
}
