import type { Message } from '../../rabbitmq/message.ts';
import type { MerchantSecret } from '../shared/wechat-pay/merchant-secret.ts';
import type { VerifiedNotification } from '../shared/wechat-pay/notification.ts';
import { paymentSuccessRoutingKey, paymentSuccessSchema } from '../shared/wechat-pay/payment-success.ts';
import { NotificationRefusedError } from '../shared/wechat-pay/refusal.ts';

export const paymentsExchange = 'payments';
const unknownRoutingKey = 'notification.unknown';

export interface ToMessageOptions {
  readonly merchant: Pick<MerchantSecret, 'mchid' | 'appids'>;
  /** The raw notification: what an unknown kind is kept as. */
  readonly rawBody: Buffer;
  readonly eventId: string;
  readonly now: Date;
}

/**
 * The message a verified notification becomes. The kind is the pair of event_type and original_type: profit sharing has the
 * event_type of a payment. An unknown kind, or a payment of unknown shape, is published as it came, still encrypted: the topology's alternate exchange keeps it.
 */
export function toMessage({ notification, resource }: VerifiedNotification, options: ToMessageOptions): Message {
  const { event_type, resource: sealed } = notification;
  const base = {
    vhost: '/',
    exchange: paymentsExchange,
    payloadEncoding: 'string',
    properties: {
      message_id: options.eventId,
      content_type: 'application/json',
      type: event_type,
      app_id: 'wechat-pay-notify',
      timestamp: Math.floor(options.now.getTime() / 1000),
    },
    headers: { 'wechat-pay-notification-id': notification.id, 'wechat-pay-original-type': sealed.original_type },
  } as const;
  const isPayment = event_type === 'TRANSACTION.SUCCESS' && sealed.original_type === 'transaction';
  const payment = isPayment ? paymentSuccessSchema.safeParse(resource).data : undefined;
  if (!payment) return { ...base, routingKeys: [unknownRoutingKey], payload: options.rawBody.toString('utf8') };

  if (payment.mchid !== options.merchant.mchid || !options.merchant.appids.includes(payment.appid)) {
    throw new NotificationRefusedError('not-ours', 'the payment is for another mchid or appid');
  }
  return { ...base, routingKeys: [paymentSuccessRoutingKey], payload: JSON.stringify(payment) };
}
