import { generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import type { HttpFetch, WholeAnswer, WholeRequest } from '../../../../../../lambdas/shared/http/http-fetch.ts';
import { createApiCall } from '../../../../../../lambdas/shared/wechat-pay/api/call.ts';
import type { MerchantKey } from '../../../../../../lambdas/shared/wechat-pay/api/merchant-key.ts';
import type { MerchantSecret } from '../../../../../../lambdas/shared/wechat-pay/merchant-secret.ts';
import { now } from '../../../builders.ts';
import { secret, signedHeaders } from '../wechat-pay.ts';

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const merchantKey: MerchantKey = {
  serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  privateKey: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

/** What WeChat Pay answers: a status and a JSON value, signed unless it says otherwise. */
export interface Said {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** WeChat Pay's side of the line, written from its documentation: it looks at the signature of what it is asked, and signs what it says. */
export class ApiPeer {
  readonly asked: WholeRequest[] = [];
  readonly pauses: number[] = [];
  private readonly answers: (Said | Error)[];

  constructor(...answers: (Said | Error)[]) {
    this.answers = answers;
  }

  readonly fetch: HttpFetch = async (request) => {
    this.asked.push(request);
    const said = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (said instanceof Error) throw said;
    if (!said) throw new Error('Not implemented');
    return isSignedByMerchant(request)
      ? signed(said)
      : { status: 401, headers: {}, body: Buffer.from('{"code":"SIGN_ERROR"}') };
  };

  call(of: MerchantSecret = secret, key: () => Promise<MerchantKey> = async () => merchantKey) {
    return createApiCall({
      baseUrl: 'https://api.mch.weixin.qq.com',
      merchantSecret: async () => of,
      merchantKey: key,
      fetch: this.fetch,
      now: () => now,
      newNonce: () => randomUUID().replaceAll('-', ''),
      random: () => 1,
      sleep: async (milliseconds) => {
        this.pauses.push(milliseconds);
      },
    });
  }
}

function signed({ status, body, headers }: Said): WholeAnswer {
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  return { status, headers: headers ?? signedHeaders(bytes), body: bytes };
}

function isSignedByMerchant({ method, url, headers, body = '' }: WholeRequest): boolean {
  const [scheme, fields = ''] = (headers['authorization'] ?? '').split(' ');
  const field = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(fields)?.[1] ?? '';
  const { pathname, search } = new URL(url);
  const message = [method, `${pathname}${search}`, field('timestamp'), field('nonce_str'), body, ''].join('\n');
  return (
    scheme === 'WECHATPAY2-SHA256-RSA2048' &&
    field('mchid') === secret.mchid &&
    field('serial_no') === merchantKey.serial &&
    field('nonce_str').length <= 32 &&
    verify('RSA-SHA256', Buffer.from(message), merchant.publicKey, Buffer.from(field('signature'), 'base64'))
  );
}
