import type { Message } from '../../rabbitmq/message.ts';
import type { MerchantSecret } from '../shared/wechat-pay/merchant-secret.ts';
import type { VerifiedNotification } from '../shared/wechat-pay/notification.ts';
import { NotificationRefusedError } from '../shared/wechat-pay/refusal.ts';
import { toldMessage } from '../shared/wechat-pay/told-message.ts';
import { type Owner, toldOf } from './kinds.ts';

const unknownRoutingKey = 'notification.unknown';

export interface ToMessageOptions {
  readonly merchant: Pick<MerchantSecret, 'mchid' | 'appids'>;
  /** The raw notification: what an unknown kind is kept as. */
  readonly rawBody: Buffer;
  readonly eventId: string;
  readonly now: Date;
}

/**
 * The message a verified notification becomes. An unknown kind, or a known one of unknown shape, is published as it came, still encrypted: the
 * topology's alternate exchange keeps it. Throws a `NotificationRefusedError` for what is another merchant's.
 */
export function toMessage({ notification, resource }: VerifiedNotification, options: ToMessageOptions): Message {
  const { event_type, resource: sealed } = notification;
  const told = toldOf(event_type, sealed.original_type, resource);
  if (told) checkOwner(told.body, options.merchant);
  return toldMessage({
    routingKey: told?.routingKey ?? unknownRoutingKey,
    type: event_type,
    payload: told ? JSON.stringify(told.body) : options.rawBody.toString('utf8'),
    eventId: options.eventId,
    now: options.now,
    appId: 'wechat-pay-notify',
    headers: { 'wechat-pay-notification-id': notification.id, 'wechat-pay-original-type': sealed.original_type },
  });
}

/** Not every kind names an app. */
function checkOwner({ mchid, appid }: Owner, merchant: Pick<MerchantSecret, 'mchid' | 'appids'>): void {
  if (mchid === merchant.mchid && (appid === undefined || merchant.appids.includes(appid))) return;
  throw new NotificationRefusedError('not-ours', 'the notification is for another mchid or appid');
}
