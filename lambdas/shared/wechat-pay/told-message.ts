import type { Message } from '../../../rabbitmq/message.ts';
import type { Broker } from '../broker/broker.ts';
import { UnavailableError } from '../consumer/errors.ts';
import { type PaymentSuccess, paymentBusinessKey, paymentSuccessRoutingKey } from './payment-success.ts';
import { type RefundResult, refundBusinessKey, refundRoutingKeys } from './refund-result.ts';

export const paymentsExchange = 'payments';

export interface ToldMessage {
  readonly routingKey: string;
  /** As WeChat Pay calls it: `event_type`. */
  readonly type: string;
  readonly payload: string;
  readonly eventId: string;
  readonly now: Date;
  /** Which function has it from WeChat Pay. */
  readonly appId: string;
  readonly headers?: Message['headers'];
}

/** What WeChat Pay says, on its way to whoever is bound for it. */
export function toldMessage({ routingKey, type, payload, eventId, now, appId, headers = {} }: ToldMessage): Message {
  return {
    vhost: '/',
    exchange: paymentsExchange,
    routingKeys: [routingKey],
    properties: {
      message_id: eventId,
      content_type: 'application/json',
      type,
      app_id: appId,
      timestamp: Math.floor(now.getTime() / 1000),
    },
    headers,
    payload,
    payloadEncoding: 'string',
  };
}

/** Tells what was asked of WeChat Pay as its notification would have: the same event, with the same business key. MUST have stored it when it returns. */
export interface Tell {
  payment(payment: PaymentSuccess, deadline?: AbortSignal): Promise<void>;
  refund(refund: RefundResult, deadline?: AbortSignal): Promise<void>;
}

/** What was found is in no queue, and will be found again. */
export class NotToldError extends UnavailableError {
  override readonly name = 'NotToldError';

  constructor(routingKey: string, confirm: string | undefined) {
    super(`${routingKey} was not stored by any queue: ${confirm ?? 'no answer'}`);
  }
}

export interface TellDeps {
  readonly broker: Pick<Broker, 'publish'>;
  readonly appId: string;
  readonly now: () => Date;
}

/** One event id for what is found again and again: an exception that it becomes is one row, and not one for each time. */
export function createTell({ broker, appId, now }: TellDeps): Tell {
  return {
    payment: (payment, deadline) =>
      publish(
        {
          routingKey: paymentSuccessRoutingKey,
          type: 'TRANSACTION.SUCCESS',
          body: payment,
          eventId: `${appId}:${paymentBusinessKey(payment)}`,
        },
        deadline,
      ),
    refund: (refund, deadline) => {
      const { refund_status } = refund;
      const routingKey = refundRoutingKeys[refund_status];
      const eventId = `${appId}:${refundBusinessKey(refund)}`;
      return publish({ routingKey, type: `REFUND.${refund_status}`, body: refund, eventId }, deadline);
    },
  };

  async function publish(
    { body, ...told }: Pick<ToldMessage, 'routingKey' | 'type' | 'eventId'> & { readonly body: object },
    deadline: AbortSignal | undefined,
  ): Promise<void> {
    const message = toldMessage({
      ...told,
      payload: JSON.stringify(body),
      now: now(),
      appId,
    });
    const [published] = await broker.publish([message], deadline);
    // Routed nowhere is an ack in RabbitMQ, and a lost payment here.
    if (published?.confirm !== 'ack' || published.queues.length === 0) {
      throw new NotToldError(told.routingKey, published?.confirm);
    }
  }
}
