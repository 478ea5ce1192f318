import { z } from 'zod';
import type { HttpFetch, WholeAnswer } from '../../http/http-fetch.ts';
import { NoAnswerError } from '../../http/no-answer-error.ts';
import type { MerchantSecret } from '../merchant-secret.ts';
import { NotificationRefusedError } from '../refusal.ts';
import { verifySignature } from '../signature.ts';
import { ApiRefusedError, ApiUnavailableError, UntrustedAnswerError } from './errors.ts';
import type { MerchantKey } from './merchant-key.ts';
import { authorizationOf } from './sign-request.ts';

export interface ApiRequest {
  /** What is asked, for errors: "query an order". Nothing personal. */
  readonly what: string;
  readonly method: 'GET' | 'POST';
  /** Path and query; each part that is not ours percent-encoded. */
  readonly target: string;
  readonly body?: unknown;
  /** WeChat Pay does not sign the bytes of a bill: who asks for them has their hash from a signed answer. Default: true. */
  readonly isSigned?: boolean;
  readonly deadline?: AbortSignal | undefined;
}

/**
 * Asks WeChat Pay, and answers what it proved to have said: the body of a 2xx. MUST NOT believe an answer that is not signed. What may pass (no
 * answer, 429, 5xx) is asked again, a few times. Throws an `ApiRefusedError` for a signed no, and an `UnavailableError` for all else.
 */
export type ApiCall = (request: ApiRequest) => Promise<Buffer>;

/** In whose name it is asked, and by which keys its answers are proved. */
export interface AskingMerchant {
  readonly merchantSecret: () => Promise<MerchantSecret>;
  readonly merchantKey: () => Promise<MerchantKey>;
}

export interface ApiCallDeps extends AskingMerchant {
  /** `https://api.mch.weixin.qq.com`, or where a simulator listens. */
  readonly baseUrl: string;
  readonly fetch: HttpFetch;
  readonly now: () => Date;
  readonly newNonce: () => string;
  /** 0 to 1 */
  readonly random: () => number;
  readonly sleep: (milliseconds: number, deadline?: AbortSignal) => Promise<void>;
}

/** WeChat Pay refuses a clock that is off by more (时间戳与当前时间相差5分钟); an answer is measured by the same. */
const windowSeconds = 300;
const mostTries = 3;
/** Before the second try; twice that before the third, each less a random share of it. */
const firstPauseMs = 400;

const problemSchema = z.object({ code: z.string().max(64) });

export function createApiCall(deps: ApiCallDeps): ApiCall {
  return async (request) => {
    for (let tries = 1; ; tries++) {
      try {
        return await ask(request);
      } catch (error) {
        const mayPass = error instanceof NoAnswerError || (error instanceof ApiUnavailableError && error.mayPassSoon);
        if (!mayPass || tries === mostTries || request.deadline?.aborted) throw error;
      }
      await deps.sleep(firstPauseMs * 2 ** (tries - 1) * (0.5 + deps.random() / 2), request.deadline);
    }
  };

  async function ask({ what, method, target, body, isSigned = true, deadline }: ApiRequest): Promise<Buffer> {
    const [secret, merchantKey] = await Promise.all([deps.merchantSecret(), deps.merchantKey()]);
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = await deps.fetch({
      method,
      url: new URL(target, deps.baseUrl).href,
      headers: {
        accept: 'application/json',
        'user-agent': 'warren',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        authorization: authorizationOf(
          { method, target, body: text },
          { mchid: secret.mchid, ...merchantKey },
          { now: deps.now(), nonce: deps.newNonce() },
        ),
        ...askedKey(secret),
      },
      body: body === undefined ? undefined : text,
      deadline,
    });
    judge(what, answer, isSigned, secret);
    return answer.body;
  }

  function judge(what: string, answer: WholeAnswer, isSigned: boolean, secret: MerchantSecret): void {
    const { status } = answer;
    const code = codeOf(answer.body);
    // Said by whatever stands in between too, and never acted upon: no signature is needed to wait.
    if (status === 429 || status >= 500) throw new ApiUnavailableError(what, status, code, true);
    // Only a request that is rightly signed gets a signed answer (签名验证): our own key, or our rights, are wrong.
    if (status === 401) throw new ApiUnavailableError(what, status, code, false);
    const succeeded = status >= 200 && status < 300;
    if (isSigned || !succeeded) checkAnswer(what, answer, secret);
    if (!succeeded) throw new ApiRefusedError(what, status, code);
  }

  function checkAnswer(what: string, { status, headers, body }: WholeAnswer, { publicKeys }: MerchantSecret): void {
    try {
      verifySignature(body, headers, { publicKeys, now: deps.now(), windowSeconds });
    } catch (error) {
      if (error instanceof NotificationRefusedError) throw new UntrustedAnswerError(what, status, error);
      throw error;
    }
  }
}

/** A merchant that has a public key of WeChat Pay's says so, and gets answers signed by it (微信支付公钥). */
function askedKey({ publicKeys }: MerchantSecret): Record<string, string> {
  const serial = Object.keys(publicKeys).find((one) => one.startsWith('PUB_KEY_ID_'));
  return serial === undefined ? {} : { 'wechatpay-serial': serial };
}

/** WeChat Pay's word for what is wrong; a short one of ours for what is none of its answers. */
function codeOf(body: Buffer): string {
  try {
    return problemSchema.parse(JSON.parse(body.toString('utf8'))).code;
  } catch {
    return 'without a code';
  }
}
