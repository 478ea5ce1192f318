import { type ApiAnswer, type ApiRequest, jsonAnswer, namedBy, parsed, pathOf, refusal } from '../api/request.ts';
import { RefusedError } from '../refused.ts';
import { settingsChangeSchema } from '../settings.ts';
import type { WechatPay } from '../wechat-pay.ts';
import {
  againSchema,
  outageSchema,
  paySchema,
  planAnswersSchema,
  planCallbacksSchema,
  profitSharingSchema,
  securityEchoSchema,
  settleSchema,
} from './contract.ts';

type Handle = (body: Buffer, named: string) => unknown;
type Route = readonly [method: string, path: RegExp, handle: Handle];

/** What no merchant can ask WeChat Pay for: to pay, to misbehave, to show its books. Not signed; this machine alone reaches it. */
export function createControl(wechatPay: WechatPay): (request: ApiRequest) => ApiAnswer {
  const routes: readonly Route[] = [
    ['POST', /^\/simulator\/orders\/([^/]+)\/pay$/, (body, out_trade_no) => pay(wechatPay, body, out_trade_no)],
    [
      'POST',
      /^\/simulator\/refunds\/([^/]+)\/settle$/,
      (body, out_refund_no) => wechatPay.settle(out_refund_no, parsed(settleSchema, body).status),
    ],
    ['POST', /^\/simulator\/tell-again$/, (body) => wechatPay.tellAgain(parsed(againSchema, body))],
    [
      'POST',
      /^\/simulator\/profit-sharing$/,
      (body) => wechatPay.profitSharing(parsed(profitSharingSchema, body).out_trade_no),
    ],
    [
      'POST',
      /^\/simulator\/security-echo$/,
      (body) => wechatPay.securityEcho(parsed(securityEchoSchema, body).notify_url),
    ],
    ['PATCH', /^\/simulator\/settings$/, (body) => wechatPay.change(parsed(settingsChangeSchema, body))],
    ['GET', /^\/simulator\/settings$/, () => wechatPay.settings()],
    [
      'POST',
      /^\/simulator\/plans\/answers$/,
      (body) => {
        const { about, next } = parsed(planAnswersSchema, body);
        wechatPay.planAnswers(about, next);
      },
    ],
    [
      'POST',
      /^\/simulator\/plans\/callbacks$/,
      (body) => {
        const { about, next } = parsed(planCallbacksSchema, body);
        wechatPay.postOffice.plan(about, next);
      },
    ],
    [
      'POST',
      /^\/simulator\/outage$/,
      (body) => {
        const { ms, kind } = parsed(outageSchema, body);
        wechatPay.beginOutage(ms, kind);
      },
    ],
    ['GET', /^\/simulator\/books$/, () => wechatPay.books()],
    ['GET', /^\/simulator\/pending$/, () => pendingOf(wechatPay)],
  ];

  return (request) => {
    try {
      for (const [method, path, handle] of routes) {
        const match = method === request.method ? path.exec(pathOf(request)) : null;
        if (match) return jsonAnswer(200, handle(request.body, namedBy(match)) ?? {});
      }
      throw new RefusedError('NOT_FOUND', `there is no ${request.method} ${pathOf(request)}`);
    } catch (error) {
      if (error instanceof RefusedError) return refusal(error);
      throw error;
    }
  };
}

function pay(wechatPay: WechatPay, body: Buffer, out_trade_no: string): unknown {
  const { openid, success_time, whenClosing } = parsed(paySchema, body);
  if (whenClosing) return wechatPay.payWhenClosing(out_trade_no);
  return wechatPay.pay(out_trade_no, {
    ...(openid !== undefined && { openid }),
    ...(success_time !== undefined && { paidAt: new Date(success_time) }),
  });
}

/** Callbacks under way, and refunds that will settle by themselves and be told then. */
function pendingOf(wechatPay: WechatPay) {
  const settles = wechatPay.settings().settleAfterSeconds !== null;
  const { refunds } = wechatPay.books();
  return {
    callbacks: wechatPay.postOffice.pending(),
    refunds: settles ? refunds.filter(({ status }) => status === 'PROCESSING').length : 0,
  };
}
