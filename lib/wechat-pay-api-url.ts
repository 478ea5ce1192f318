import type { IConstruct } from 'constructs';
import { problemOfAddress } from './outside-address.ts';

/** `-c wechatPayApi=…` is no address at which WeChat Pay may be asked. */
export class WechatPayApiUrlError extends Error {
  override readonly name = 'WechatPayApiUrlError';

  constructor(shown: string, problem: string) {
    super(`-c wechatPayApi=${shown} ${problem}`);
  }
}

/**
 * The value of `-c wechatPayApi=…`, or of `wechatPayApi` in the context of `cdk.json`: where WeChat Pay's API answers, as
 * `https://api.mch.weixin.qq.com`; absent when nobody says so, and nothing of ours asks it anything. Throws a `WechatPayApiUrlError` for what
 * the functions would refuse when they start; a test holds both to the same addresses.
 */
export function wechatPayApiUrlOf({ node }: IConstruct): string | undefined {
  const value: unknown = node.tryGetContext('wechatPayApi');
  if (value === undefined) return undefined;
  const wrong = problemOfAddress(value);
  if (wrong) throw new WechatPayApiUrlError(wrong.shown, wrong.problem);
  const { href, origin } = new URL(String(value));
  // Each path of the API begins at its root; a path here would be dropped, and nobody would hear of it.
  if (href !== `${origin}/`) throw new WechatPayApiUrlError(href, `must be an origin alone, as in ${origin}`);
  return origin;
}

/** Warnings of a deploy without the address. */
export function whyNoWechatPayApi(consumers: readonly string[]): string[] {
  if (!consumers.includes('orders')) return [];
  return [
    "'reconcile', 'refunds' and 'daily-bill' are left out: nobody said where WeChat Pay's API is. Orders are closed here and not there, payments without a notification are found by nothing, and refunds wait in 'refunds.requests', which makes exceptions of them after days; deploy with -c wechatPayApi=https://api.mch.weixin.qq.com.",
  ];
}
