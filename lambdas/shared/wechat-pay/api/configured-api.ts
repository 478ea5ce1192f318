import { randomBytes } from 'node:crypto';
import { createHttpFetch } from '../../http/http-fetch.ts';
import { pause } from '../../pause.ts';
import type { MerchantSecret } from '../merchant-secret.ts';
import { type ApiCall, createApiCall } from './call.ts';
import type { WechatPayApiEnv } from './env.ts';
import { createWechatPayApi, type WechatPayApi } from './wechat-pay-api.ts';

/** Far above any answer about one order or refund. */
const mostAnswerBytes = 64 * 1024;

export interface ConfiguredApiDeps {
  readonly merchantSecret: () => Promise<MerchantSecret>;
  readonly now: () => Date;
  /** Of one answer. Default: 64 KiB. */
  readonly mostBytes?: number;
}

/** Once per cold start. */
export function configuredApiCall(
  env: WechatPayApiEnv,
  { merchantSecret, now, mostBytes = mostAnswerBytes }: ConfiguredApiDeps,
): ApiCall {
  return createApiCall({
    baseUrl: env.WECHAT_PAY_API_URL,
    merchantSecret,
    fetch: createHttpFetch({ timeoutMs: env.WECHAT_PAY_API_TIMEOUT_MS, mostAnswerBytes: mostBytes }),
    now,
    newNonce: () => randomBytes(16).toString('hex'),
    random: Math.random,
    sleep: pause,
  });
}

export function configuredApi(env: WechatPayApiEnv, deps: ConfiguredApiDeps): WechatPayApi {
  return createWechatPayApi(configuredApiCall(env, deps), async () => (await deps.merchantSecret()).mchid);
}
