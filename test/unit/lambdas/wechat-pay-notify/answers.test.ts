import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler } from '../../../../lambdas/wechat-pay-notify/handler.ts';
import { CountingMeter, lambdaContext, now, silentLog } from '../builders.ts';
import { FakeBroker, refusedBy, stored, unknownIn, unroutable } from '../fake-broker.ts';
import { notification, secret, signedHeaders } from '../shared/wechat-pay/wechat-pay.ts';

async function answerFor(broker: FakeBroker, signedBody?: string) {
  const body = JSON.stringify(notification());
  const event = { headers: signedHeaders(signedBody ?? body), body } as unknown as APIGatewayProxyEventV2;
  const handler = createHandler({
    merchantSecret: async () => secret,
    broker,
    now: () => now,
    newEventId: () => 'event-1',
    log: silentLog,
    meter: new CountingMeter(),
  });
  return await handler(event, lambdaContext());
}

describe('a notification of WeChat Pay', () => {
  it('is answered with 204 and no body when its queues have stored it', async () => {
    const broker = new FakeBroker(stored('orders.payments'));

    expect(await answerFor(broker)).toEqual({ statusCode: 204 });
    expect(broker.published).toHaveLength(1);
  });

  it.each([
    ['a queue refuses it', refusedBy('orders.payments')],
    ['a queue does not answer', unknownIn('orders.payments')],
    ['no queue is bound for it', unroutable],
    ['the broker fails', new Error('boom')],
  ])('is answered with 500 when %s: WeChat Pay then sends it again', async (_, outcome) => {
    expect(await answerFor(new FakeBroker(outcome))).toMatchObject({
      statusCode: 500,
      body: '{"code":"FAIL","message":"the notification could not be stored; send it again"}',
    });
  });

  it('that is signed for another body is refused, and nothing is sent', async () => {
    const broker = new FakeBroker(stored('orders.payments'));

    expect(await answerFor(broker, '{}')).toMatchObject({ statusCode: 401 });
    expect(broker.published).toEqual([]);
  });
});
