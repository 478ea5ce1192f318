import { randomBytes } from 'node:crypto';
import { createHttpFetch } from '../../http/http-fetch.ts';
import { pause } from '../../pause.ts';
import { type ApiCall, type AskingMerchant, createApiCall } from './call.ts';
import type { WechatPayApiEnv } from './env.ts';
import { createWechatPayApi, type WechatPayApi } from './wechat-pay-api.ts';

/** Far above any answer about one order or refund. */
const mostAnswerBytes = 64 * 1024;

export interface ConfiguredApiDeps extends AskingMerchant {
  readonly now: () => Date;
  /** Of one answer. Default: 64 KiB. */
  readonly mostBytes?: number;
}

/** Once per cold start. */
export function configuredApiCall(
  env: WechatPayApiEnv,
  { now, mostBytes = mostAnswerBytes, ...merchant }: ConfiguredApiDeps,
): ApiCall {
  return createApiCall({
    baseUrl: env.WECHAT_PAY_API_URL,
    ...merchant,
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
