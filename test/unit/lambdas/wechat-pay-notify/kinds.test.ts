import { toMessage } from '../../../../lambdas/wechat-pay-notify/to-message.ts';
import { errorOf, now } from '../builders.ts';
import { refund } from '../shared/orders/orders.ts';
import { notification, openid, paidResource, secret } from '../shared/wechat-pay/wechat-pay.ts';

const refundResource = { ...refund, user_received_account: '招商银行信用卡0403' };
const sharedResource = {
  mchid: secret.mchid,
  transaction_id: '42',
  order_id: '3008450740201411110007820472',
  out_order_no: 'P20150806125346',
  receiver: { type: 'PERSONAL_OPENID', account: openid, amount: 10, description: '运费' },
  success_time: '2026-11-23T10:00:00+08:00',
};

function told(event_type: string, original_type: string, resource: unknown) {
  const { resource: sealed, ...rest } = notification({ event_type });
  return toMessage(
    {
      notification: { ...rest, event_type, resource: { ...sealed, algorithm: 'AEAD_AES_256_GCM', original_type } },
      resource,
    },
    { merchant: secret, rawBody: Buffer.from('as it came'), eventId: 'event-1', now },
  );
}

describe('a notification of a known kind', () => {
  it.each<[string, string, unknown, string]>([
    ['TRANSACTION.SUCCESS', 'transaction', paidResource, 'payment.success'],
    ['TRANSACTION.SUCCESS', 'profitsharing', sharedResource, 'profitsharing.success'],
    ['REFUND.SUCCESS', 'refund', refundResource, 'refund.success'],
    [
      'REFUND.ABNORMAL',
      'refund',
      { ...refundResource, refund_status: 'ABNORMAL', success_time: undefined },
      'refund.abnormal',
    ],
    [
      'REFUND.CLOSED',
      'refund',
      { ...refundResource, refund_status: 'CLOSED', success_time: undefined },
      'refund.closed',
    ],
  ])('%s of a %s is published, decrypted and without personal data', (event_type, original_type, resource, key) => {
    const { routingKeys, payload, properties } = told(event_type, original_type, resource);

    expect({ routingKeys, type: properties.type }).toEqual({ routingKeys: [key], type: event_type });
    expect(JSON.parse(payload)).toMatchObject({ mchid: secret.mchid });
    expect(payload).not.toContain(openid);
    expect(payload).not.toContain('招商银行');
  });

  it.each<[string, string, unknown]>([
    ['TRANSACTION.SUCCESS', 'transaction', { ...paidResource, mchid: '1900009999' }],
    ['TRANSACTION.SUCCESS', 'transaction', { ...paidResource, appid: 'wx-another' }],
    ['TRANSACTION.SUCCESS', 'profitsharing', { ...sharedResource, mchid: '1900009999' }],
    ['REFUND.SUCCESS', 'refund', { ...refundResource, mchid: '1900009999' }],
  ])('%s of a %s is refused when it is another merchant’s', (event_type, original_type, resource) => {
    expect(errorOf(() => told(event_type, original_type, resource))).toMatchObject({ reason: 'not-ours' });
  });
});

describe('a notification that nobody knows', () => {
  it.each<[string, string, unknown]>([
    ['TRANSACTION.SUCCESS', 'unheard-of', paidResource],
    ['TRANSACTION.UNHEARD_OF', 'transaction', paidResource],
    ['TRANSACTION.SUCCESS', 'transaction', { ...paidResource, trade_state: 'NOTPAY' }],
    ['TRANSACTION.SUCCESS', 'transaction', { ...paidResource, amount: { total: 88.5, currency: 'CNY' } }],
    ['REFUND.SUCCESS', 'transaction', paidResource],
    ['REFUND.SUCCESS', 'refund', { ...refundResource, refund_status: 'CLOSED' }],
    ['REFUND.CLOSED', 'refund', { ...refundResource, refund_status: 'ABNORMAL' }],
    ['REFUND.ABNORMAL', 'refund', refundResource],
    ['REFUND.SUCCESS refund', 'refund', refundResource],
  ])('%s of a %s is kept as it came, still encrypted', (event_type, original_type, resource) => {
    expect(told(event_type, original_type, resource)).toMatchObject({
      routingKeys: ['notification.unknown'],
      payload: 'as it came',
    });
  });
});
