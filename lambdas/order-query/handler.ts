import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { webhookEventOf } from '../shared/merchant-webhook/webhook-event.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';

export interface HandlerDeps {
  readonly store: Pick<OrdersStore, 'find'>;
  readonly log: Log;
}

/** What WeChat Pay and the table take for an order's number. */
const outTradeNo = /^[!-~]{1,32}$/;

/** Tells of one order what the merchant's webhook would tell now: `GET /orders/{out_trade_no}`. API Gateway has asked IAM who may. */
export function createHandler({ store, log }: HandlerDeps) {
  return async ({ pathParameters }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const out_trade_no = pathParameters?.['out_trade_no'] ?? '';
    if (!outTradeNo.test(out_trade_no)) return unknown;
    try {
      const order = await store.find(out_trade_no);
      log.info('order asked for', { out_trade_no, state: order?.state ?? 'unknown' });
      return order ? response(200, webhookEventOf(order)) : unknown;
    } catch (error) {
      log.error('order not read', error, { out_trade_no });
      return response(500, { code: 'INTERNAL_ERROR', message: 'the order was not read: ask again' });
    }
  };
}

function response(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

const unknown = response(404, { code: 'ORDER_UNKNOWN', message: 'there is no order of that number' });
