import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler } from '../../../../lambdas/order-query/handler.ts';
import { webhookEvent } from '../../../../lambdas/shared/merchant-webhook/webhook-event.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import type { OrderState } from '../../../../lambdas/shared/orders/order-event.ts';
import { asChanged, orderMessage } from '../../../../lambdas/shared/orders/order-message.ts';
import { now, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn } from '../shared/orders/orders.ts';

const states = Object.keys(orderIn) as OrderState[];

async function ask(order: Order | undefined, out_trade_no?: string) {
  const handler = createHandler({ store: new MemoryOrdersStore(...(order ? [order] : [])), log: silentLog });
  const pathParameters = out_trade_no === undefined ? undefined : { out_trade_no };
  const answer = await handler({ pathParameters } as unknown as APIGatewayProxyEventV2);
  return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
}

describe('an order that is asked for', () => {
  it.each(states)('is answered as the webhook told it when it is %s', async (state) => {
    const order = asChanged(orderIn[state], now);
    const { payload } = orderMessage(order, 'event-1', now).message;

    expect(await ask(order, 'T-1')).toEqual({ status: 200, body: webhookEvent(JSON.parse(payload)) });
  });

  it.each(states)(
    'has the time of its state, or says that nobody knows it, when it is %s and older than that',
    async (state) => {
      const { status, body } = await ask(orderIn[state], 'T-1');

      const known = { PAID: orderIn.PAID.paid_at, CLOSED: now.toISOString(), REFUNDED: orderIn.REFUNDED.refunded_at };
      const changed_at = new Map<string, string | undefined>(Object.entries(known)).get(state) ?? null;
      expect(status).toBe(200);
      expect(body).toMatchObject({ timestamp: changed_at, data: { state, changed_at } });
    },
  );

  it('says nothing of what else the table holds', async () => {
    const { body } = await ask(Object.assign({ payer: 'o-openid' }, orderIn.PAID), 'T-1');

    expect(Object.keys(body.data).sort()).toEqual(
      ['amount', 'changed_at', 'out_trade_no', 'state', 'transaction_id', 'version'].sort(),
    );
  });

  it.each([undefined, '', 'T-2', '订单', 'x'.repeat(33)])('is not known under %p', async (out_trade_no) => {
    expect(await ask(undefined, out_trade_no)).toMatchObject({ status: 404, body: { code: 'ORDER_UNKNOWN' } });
  });

  it('that cannot be read is to be asked for again', async () => {
    const store = { find: () => Promise.reject(new Error('down')) };
    const handler = createHandler({ store, log: silentLog });

    const answer = await handler({ pathParameters: { out_trade_no: 'T-1' } } as unknown as APIGatewayProxyEventV2);

    expect(answer.statusCode).toBe(500);
  });
});
