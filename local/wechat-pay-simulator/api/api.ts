import type { MerchantKeys, SigningKey } from '../merchant-keys.ts';
import { type RefusalCode, RefusedError } from '../refused.ts';
import type { Time } from '../time.ts';
import { checkAuthorization } from './authorization.ts';
import { type ApiAnswer, type ApiRequest, refusal } from './request.ts';
import type { SeenRequest } from './seen-request.ts';
import { type SignedAnswer, signAnswer } from './sign-answer.ts';
import type { Trouble } from './trouble.ts';

export interface ApiDeps {
  readonly keys: MerchantKeys;
  readonly time: Time;
  readonly route: (request: ApiRequest) => ApiAnswer;
  readonly troubleOf: (request: ApiRequest) => Trouble;
  readonly slowMs: () => number;
  readonly keyFor: (request: ApiRequest) => SigningKey;
  readonly onSeen: (seen: SeenRequest) => void;
}

const refusals: Partial<Record<Trouble, readonly [RefusalCode, string]>> = {
  rateLimited: ['FREQUENCY_LIMITED', '频率超限'],
  systemError: ['SYSTEM_ERROR', '系统异常，请稍后重试'],
  notEnough: ['NOT_ENOUGH', '基本账户余额不足，请充值后重新发起'],
};

/** Verify, do, sign. Undefined: the connection is closed without an answer. */
export function createApi(deps: ApiDeps): (request: ApiRequest) => Promise<SignedAnswer | undefined> {
  const { keys, time } = deps;
  const merchant = {
    mchid: keys.secret.mchid,
    serial: keys.merchantKey.serial,
    publicKey: keys.merchantPublicKey,
  };

  function answered(request: ApiRequest, trouble: Trouble): ApiAnswer & { readonly code?: string } {
    try {
      checkAuthorization(request, merchant, time.now());
      const [code, message] = refusals[trouble] ?? [];
      if (code && message) throw new RefusedError(code, message);
      return deps.route(request);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return { ...refusal(error), code: error.code };
    }
  }

  return async (request) => {
    const trouble = deps.troubleOf(request);
    const { method, url, body } = request;
    const seen = { at: time.now().toISOString(), method, url, body: body.toString('utf8'), trouble };
    if (trouble === 'dropped' || trouble === 'unavailable') {
      const answer = trouble === 'unavailable' ? unavailable : undefined;
      deps.onSeen({ ...seen, status: answer?.status ?? 0 });
      return answer;
    }
    const answer = answered(request, trouble);
    const { status, code } = answer;
    const isDropped = trouble === 'droppedAfterWork';
    deps.onSeen({ ...seen, status: isDropped ? 0 : status, ...(code !== undefined && { code }) });
    if (isDropped) return undefined;
    if (trouble === 'slow') await time.sleep(deps.slowMs());
    const key = deps.keyFor(request);
    return signAnswer(answer, trouble, { key, now: time.now() });
  };
}

const unavailable: SignedAnswer = {
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<html><body>503 Service Unavailable</body></html>'),
};
