import { App } from 'aws-cdk-lib';
import { outsideUrlSchema } from '../../lambdas/shared/http/outside-url.ts';
import { createWarrenApp, isRefusal } from '../../lib/warren-app.ts';
import { WechatPayApiUrlError, wechatPayApiUrlOf } from '../../lib/wechat-pay-api-url.ts';
import { errorOf } from '../unit/lambdas/builders.ts';
import { withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const urlOf = (wechatPayApi: unknown) => wechatPayApiUrlOf(new App({ context: { wechatPayApi } }));
const refusalOf = (wechatPayApi: unknown) =>
  errorOf(() => createWarrenApp({ context: { stage: 'dev', wechatPayApi, 'aws:cdk:bundling-stacks': [] } }));

describe("the address of WeChat Pay's API", () => {
  it.each([
    ['https://api.mch.weixin.qq.com', 'https://api.mch.weixin.qq.com'],
    ['https://api2.mch.weixin.qq.com/', 'https://api2.mch.weixin.qq.com'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://localhost:4000/', 'http://localhost:4000'],
  ])('may be %s, and is its origin', (given, origin) => {
    expect(urlOf(given)).toBe(origin);
    expect(outsideUrlSchema.safeParse(origin).success).toBe(true);
  });

  it('is nowhere when nobody says where, and synth warns of what is left out', () => {
    const warnings: string[] = [];
    createWarrenApp({ context: { stage: 'dev', 'aws:cdk:bundling-stacks': [] } }, (all) => warnings.push(...all));

    expect(urlOf(undefined)).toBeUndefined();
    expect(warnings).toContainEqual(expect.stringMatching(/'daily-bill' are left out: .*-c wechatPayApi=/));
  });

  it.each([
    'http://api.mch.weixin.qq.com',
    'http://127.evil.example/',
    'ftp://api.mch.weixin.qq.com/',
    'api.mch.weixin.qq.com',
    '',
  ])('is refused when it is %p: by synth, and by a function', (url) => {
    expect(refusalOf(url)).toBeInstanceOf(WechatPayApiUrlError);
    expect(isRefusal(refusalOf(url))).toBe(true);
    expect(outsideUrlSchema.safeParse(url).success).toBe(false);
  });

  it.each([
    'https://api.mch.weixin.qq.com/v3',
    'https://api.mch.weixin.qq.com/?a=b',
    'https://api.mch.weixin.qq.com/#a',
  ])('is an origin alone: %s has more, which no request would have', (url) => {
    expect(refusalOf(url)).toBeInstanceOf(WechatPayApiUrlError);
    expect(String(refusalOf(url))).toContain('as in https://api.mch.weixin.qq.com');
  });

  it('may hold no credentials, and does not show them when it is refused for them', () => {
    const refused = refusalOf('https://shop:secret@api.mch.weixin.qq.com');

    expect(refused).toBeInstanceOf(WechatPayApiUrlError);
    expect(String(refused)).not.toContain('secret');
  });
});
