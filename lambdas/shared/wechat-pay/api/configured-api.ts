import { randomBytes } from 'node:crypto';
import { createHttpFetch } from '../../http/http-fetch.ts';
import { pause } from '../../pause.ts';
import type { MerchantSecret } from '../merchant-secret.ts';
import { type ApiCall, createApiCall } from './call.ts';
import type { WechatPayApiEnv } from './env.ts';
import { createWechatPayApi, type WechatPayApi } from './wechat-pay-api.ts';

/** Far above any answer about one order or refund. */
const mostAnswerBytes = 64 * 1024;

/** Once per cold start. */
export function configuredApiCall(
  env: WechatPayApiEnv,
  merchantSecret: () => Promise<MerchantSecret>,
  mostBytes = mostAnswerBytes,
): ApiCall {
  return createApiCall({
    baseUrl: env.WECHAT_PAY_API_URL,
    merchantSecret,
    fetch: createHttpFetch({ timeoutMs: env.WECHAT_PAY_API_TIMEOUT_MS, mostAnswerBytes: mostBytes }),
    now: () => new Date(),
    newNonce: () => randomBytes(16).toString('hex'),
    random: Math.random,
    sleep: pause,
  });
}

export function configuredApi(env: WechatPayApiEnv, merchantSecret: () => Promise<MerchantSecret>): WechatPayApi {
  return createWechatPayApi(configuredApiCall(env, merchantSecret), async () => (await merchantSecret()).mchid);
}
