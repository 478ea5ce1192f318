import { newTransactionId } from './ids.ts';
import type { MerchantKeys } from './merchant-keys.ts';
import { paymentNotification } from './payment-notification.ts';
import { signNotification } from './sign.ts';
import type { PaymentOf } from './simulator.ts';

/** What API Gateway hands to `wechat-pay-notify` (payload format 2.0) when WeChat Pay posts this payment. */
export function notificationEvent(keys: MerchantKeys, payment: PaymentOf, now: Date) {
  const { mchid, appids, apiV3Key } = keys.secret;
  const body = paymentNotification(
    { mchid, appid: appids[0] ?? '', transaction_id: newTransactionId(), paidAt: now, ...payment },
    apiV3Key,
  );
  const { headers } = signNotification(body, keys, now);
  const rawPath = '/wechat-pay/notify';
  return {
    version: '2.0',
    routeKey: `POST ${rawPath}`,
    rawPath,
    rawQueryString: '',
    headers,
    requestContext: {
      accountId: '123456789012',
      apiId: 'test-event',
      domainName: 'test-event.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'test-event',
      http: { method: 'POST', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test event' },
      requestId: 'test-event',
      routeKey: `POST ${rawPath}`,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    body,
    isBase64Encoded: false,
  };
}
