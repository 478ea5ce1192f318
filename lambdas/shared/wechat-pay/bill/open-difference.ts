import type { QueueAddress } from '../../../../rabbitmq/queue-address.ts';
import type { Operations } from '../../../../rabbitmq/topology.ts';
import type { Exceptions } from '../../exceptions/exceptions.ts';
import type { KeepMessage } from '../../exceptions/message-exceptions.ts';
import { type PaymentSuccess, paymentBusinessKey, paymentSuccessRoutingKey } from '../payment-success.ts';
import type { BilledPayment } from './bill.ts';
import type { Difference } from './compare.ts';
import { describeDifference, subjectOf } from './describe-difference.ts';

export interface OpenDifferenceDeps {
  readonly exceptions: Pick<Exceptions, 'open'>;
  readonly keep: KeepMessage;
  /** Where notifications of payments are handled: a payment that is missing here can be sent there. */
  readonly paymentsQueue: QueueAddress & { readonly operations?: Operations | undefined };
  readonly now: () => Date;
}

/** Keeps one difference for a person. The same difference of the same day is the same row, however often it is found. */
export type OpenDifference = (date: string, difference: Difference) => Promise<void>;

export const billSource = 'daily-bill';

export function createOpenDifference({ exceptions, keep, paymentsQueue, now }: OpenDifferenceDeps): OpenDifference {
  return async (date, difference) => {
    const eventId = `bill:${date}:${difference.kind}:${subjectOf(difference)}`;
    const end = { reason: 'difference', error: describeDifference(date, difference) } as const;
    if (difference.kind !== 'payment-missing-here') {
      await exceptions.open({ eventId, source: billSource, ...end });
      return;
    }
    const payment = paymentOf(difference.payment);
    await keep(messageOf(eventId, payment), { ...end, queue: paymentsQueue, businessKey: paymentBusinessKey(payment) });
  };

  /** As `wechat-pay-notify` would have published it. */
  function messageOf(eventId: string, payment: PaymentSuccess) {
    return {
      vhost: paymentsQueue.vhost,
      exchange: 'payments',
      routingKeys: [paymentSuccessRoutingKey],
      properties: {
        message_id: eventId,
        content_type: 'application/json',
        type: 'TRANSACTION.SUCCESS',
        app_id: billSource,
        timestamp: Math.floor(now().getTime() / 1000),
      },
      headers: {},
      payload: JSON.stringify(payment),
      payloadEncoding: 'string',
    } as const;
  }
}

function paymentOf({
  mchid,
  appid,
  out_trade_no,
  transaction_id,
  paidAt,
  total,
  currency,
}: BilledPayment): PaymentSuccess {
  return {
    mchid,
    appid,
    out_trade_no,
    transaction_id,
    trade_state: 'SUCCESS',
    success_time: paidAt,
    amount: { total, currency },
  };
}
