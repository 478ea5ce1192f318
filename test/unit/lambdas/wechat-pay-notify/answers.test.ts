import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler } from '../../../../lambdas/wechat-pay-notify/handler.ts';
import { CountingMeter, lambdaContext, now, silentLog } from '../builders.ts';
import { FakeBroker, refusedBy, stored, unknownIn, unroutable } from '../fake-broker.ts';
import { notification, secret, signedHeaders } from '../shared/wechat-pay/wechat-pay.ts';

async function answerFor(broker: FakeBroker, signedBody?: string, of: object = {}) {
  const body = JSON.stringify(notification(of));
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

  it.each(['SECURITY_ECHO.SUCCESS'])(
    'that only tries the way in (%s) is answered with 204, and nothing is sent',
    async (event_type) => {
      const broker = new FakeBroker(stored('orders.payments'));

      expect(await answerFor(broker, undefined, { event_type })).toEqual({ statusCode: 204 });
      expect(broker.published).toEqual([]);
    },
  );
});

describe('what a stranger sends', () => {
  const body = JSON.stringify(notification());
  const signed = signedHeaders(body);

  it.each<[string, Partial<APIGatewayProxyEventV2>, string]>([
    ['no headers', { headers: {}, body }, 'wechatpay-serial is missing'],
    [
      'a header twice',
      { headers: { ...signed, 'wechatpay-nonce': 'a-nonce,b-nonce' }, body },
      'wechatpay-nonce came twice',
    ],
    [
      'another signature type',
      { headers: { ...signed, 'wechatpay-signature-type': 'WECHATPAY-BRAND-SHA256-RSA2048' }, body },
      'Wechatpay-Signature-Type',
    ],
    ['an old timestamp', { headers: { ...signed, 'wechatpay-timestamp': '1' }, body }, 'Wechatpay-Timestamp'],
    [
      'a probe',
      { headers: { ...signed, 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' }, body },
      'the signature is wrong',
    ],
    ['a body over 64 KiB', { headers: signed, body: 'x'.repeat(65_537) }, '65537 bytes'],
    ['a notification of APIv2', { headers: {}, body: '\ufeff <xml><return_code>SUCCESS</return_code></xml>' }, 'APIv2'],
  ])('is refused before any key is asked for: %s', async (_, event, message) => {
    const handler = createHandler({
      merchantSecret: () => Promise.reject(new Error('AWS was asked')),
      broker: new FakeBroker(stored('orders.payments')),
      now: () => now,
      newEventId: () => 'event-1',
      log: silentLog,
      meter: new CountingMeter(),
    });

    const answer = await handler(event as APIGatewayProxyEventV2, lambdaContext());

    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'FAIL', message: expect.stringContaining(message) });
  });
});
