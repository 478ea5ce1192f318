import { z } from 'zod';
import { toTransaction } from '../books/order.ts';
import type { Orders } from '../books/orders.ts';
import { toRefundAnswer } from '../books/refund.ts';
import type { Refunds } from '../books/refunds.ts';
import { RefusedError } from '../refused.ts';
import type { createBills } from './bills.ts';
import { type Merchant, prepayJsapi, prepayNative, refuseOtherMerchant } from './prepay.ts';
import { requestRefund } from './refund-request.ts';
import { type ApiAnswer, type ApiRequest, jsonAnswer, namedBy, noContent, parsed, pathOf, queryOf } from './request.ts';

export interface RouteDeps {
  readonly merchant: Merchant;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly bills: ReturnType<typeof createBills>;
  readonly onRefund: (out_refund_no: string) => void;
  /** May have the order paid in this very moment. */
  readonly beforeClose: (out_trade_no: string) => void;
}

/** `named` is the number in the path. */
type Handle = (request: ApiRequest, named: string) => ApiAnswer;
type Route = readonly [method: string, path: RegExp, handle: Handle];

const closeSchema = z.object({ mchid: z.string() });

/** APIv3 of a direct merchant on the mainland, as far as the worked example needs it. */
export function createRoutes(deps: RouteDeps): (request: ApiRequest) => ApiAnswer {
  const { merchant, orders, refunds, bills } = deps;
  const ofMerchant = (request: ApiRequest): void => refuseOtherMerchant(queryOf(request).get('mchid'), merchant.mchid);

  const routes: readonly Route[] = [
    ['POST', /^\/v3\/pay\/transactions\/native$/, ({ body }) => prepayNative(body, orders, merchant)],
    ['POST', /^\/v3\/pay\/transactions\/jsapi$/, ({ body }) => prepayJsapi(body, orders, merchant)],
    [
      'GET',
      /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
      (request, out_trade_no) => {
        ofMerchant(request);
        return jsonAnswer(200, toTransaction(orders.find(out_trade_no)));
      },
    ],
    [
      'GET',
      /^\/v3\/pay\/transactions\/id\/([^/]+)$/,
      (request, transaction_id) => {
        ofMerchant(request);
        const order = orders.paidOf(({ state }) => state.payment.transaction_id === transaction_id);
        if (!order) throw new RefusedError('ORDER_NOT_EXIST', '订单不存在');
        return jsonAnswer(200, toTransaction(order));
      },
    ],
    [
      'POST',
      /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/,
      ({ body }, out_trade_no) => {
        refuseOtherMerchant(parsed(closeSchema, body).mchid, merchant.mchid);
        deps.beforeClose(out_trade_no);
        orders.close(out_trade_no);
        return noContent;
      },
    ],
    ['POST', /^\/v3\/refund\/domestic\/refunds$/, ({ body }) => requestRefund(body, refunds, deps.onRefund)],
    [
      'GET',
      /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/,
      (_, out_refund_no) => jsonAnswer(200, toRefundAnswer(refunds.find(out_refund_no))),
    ],
    ['GET', /^\/v3\/bill\/tradebill$/, (request) => bills.apply(request)],
    ['GET', /^\/v3\/billdownload\/file$/, (request) => bills.download(request)],
  ];

  return (request) => {
    for (const [method, path, handle] of routes) {
      const match = method === request.method ? path.exec(pathOf(request)) : null;
      if (match) return handle(request, namedBy(match));
    }
    throw new RefusedError('NOT_FOUND', `there is no ${request.method} ${pathOf(request)}`);
  };
}
