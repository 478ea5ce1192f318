import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Message } from '../../rabbitmq/message.ts';
import type { Broker } from '../shared/broker/broker.ts';
import { deadlineOf } from '../shared/deadline.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import type { MerchantSecret } from '../shared/wechat-pay/merchant-secret.ts';
import { claimNotification, openNotification } from '../shared/wechat-pay/notification.ts';
import { NotificationRefusedError } from '../shared/wechat-pay/refusal.ts';
import { isEcho } from './kinds.ts';
import { toMessage } from './to-message.ts';

export interface HandlerDeps {
  readonly merchantSecret: () => Promise<MerchantSecret>;
  readonly broker: Broker;
  readonly now: () => Date;
  readonly newEventId: () => string;
  readonly log: Log;
  readonly meter: Meter;
}

/** Verify, decrypt, publish; 204 only when every routed queue has stored the message. WeChat Pay tries again on anything but 2xx. */
export function createHandler(deps: HandlerDeps) {
  return async (event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const deadline = deadlineOf(context);
    try {
      const message = await verified(event);
      return message ? await publish(message, deadline) : echoed();
    } catch (error) {
      if (error instanceof NotificationRefusedError) return refused(error);
      deps.log.error('notification failed', error);
      return answer(500, 'the notification could not be stored; send it again');
    }
  };

  /** `undefined`: WeChat Pay only tries whether we answer. What a stranger sends is refused before the secret is asked for. */
  async function verified(event: APIGatewayProxyEventV2): Promise<Message | undefined> {
    if (event.body !== undefined && typeof event.body !== 'string') {
      throw new NotificationRefusedError('malformed', 'the body is not text');
    }
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const now = deps.now();
    const claimed = claimNotification(body, event.headers ?? {}, now);
    const merchant = await deps.merchantSecret();
    const opened = openNotification(body, claimed, merchant);
    deps.meter.measure('NotificationClockSkew', Math.abs(now.getTime() / 1000 - Number(claimed.timestamp)));
    if (isEcho(opened.notification.event_type)) return undefined;
    return toMessage(opened, { merchant, rawBody: body, eventId: deps.newEventId(), now });
  }

  function echoed(): APIGatewayProxyStructuredResultV2 {
    deps.log.info('security echo answered');
    deps.meter.count('NotificationsEchoed');
    return { statusCode: 204 };
  }

  async function publish(message: Message, deadline: AbortSignal): Promise<APIGatewayProxyStructuredResultV2> {
    const [published] = await deps.broker.publish([message], deadline);
    const eventId = message.properties.message_id;
    // Routed nowhere is an ack in RabbitMQ, and a lost payment here.
    if (published?.confirm !== 'ack' || published.queues.length === 0) {
      deps.log.warn('notification not stored', { eventId, confirm: published?.confirm });
      deps.meter.count('NotificationsFailed');
      return answer(500, 'the notification could not be stored; send it again');
    }
    deps.log.info('notification accepted', { eventId, queues: published.queues.map(({ queue }) => queue).join(' ') });
    deps.meter.count('NotificationsAccepted');
    return { statusCode: 204 };
  }

  function refused({ reason, statusCode, message }: NotificationRefusedError): APIGatewayProxyStructuredResultV2 {
    deps.log.warn('notification refused', { reason });
    deps.meter.count('NotificationsRefused', { reason });
    return answer(statusCode, message);
  }
}

function answer(statusCode: number, message: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: 'FAIL', message }),
  };
}
