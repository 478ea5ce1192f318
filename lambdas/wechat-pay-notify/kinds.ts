import { paymentSuccessRoutingKey, paymentSuccessSchema } from '../shared/wechat-pay/payment-success.ts';
import { profitSharingRoutingKey, profitSharingSchema } from '../shared/wechat-pay/profit-sharing.ts';
import { refundFailureSchema, refundRoutingKeys, refundSuccessSchema } from '../shared/wechat-pay/refund-result.ts';

/** Whose something is. */
export interface Owner {
  readonly mchid: string;
  readonly appid?: string | undefined;
}

/** What a notification is told as, once its resource is one that we read. */
export interface Told {
  readonly routingKey: string;
  /** Without personal data. */
  readonly body: Owner;
}

interface KindSchema {
  safeParse(resource: unknown): { readonly data?: Owner | undefined };
}

/** By `event_type` and `original_type`: profit sharing has the `event_type` of a payment. */
const kinds: ReadonlyMap<string, readonly [routingKey: string, schema: KindSchema]> = new Map([
  ['TRANSACTION.SUCCESS transaction', [paymentSuccessRoutingKey, paymentSuccessSchema]],
  ['TRANSACTION.SUCCESS profitsharing', [profitSharingRoutingKey, profitSharingSchema]],
  ['REFUND.SUCCESS refund', [refundRoutingKeys.SUCCESS, refundSuccessSchema]],
  ['REFUND.ABNORMAL refund', [refundRoutingKeys.ABNORMAL, ofStatus('ABNORMAL')]],
  ['REFUND.CLOSED refund', [refundRoutingKeys.CLOSED, ofStatus('CLOSED')]],
]);

/** `undefined`: a kind that nobody knows, or a known one of another shape than its documentation. */
export function toldOf(event_type: string, original_type: string, resource: unknown): Told | undefined {
  const kind = kinds.get(`${event_type} ${original_type}`);
  if (!kind) return undefined;
  const [routingKey, schema] = kind;
  const body = schema.safeParse(resource).data;
  return body && { routingKey, body };
}

/** WeChat Pay's test of the way in: there is nothing to do but to answer. */
export function isEcho(event_type: string): boolean {
  return event_type.startsWith('SECURITY_ECHO.');
}

/** A notification that says ABNORMAL outside and CLOSED inside is none we know. */
function ofStatus(status: 'ABNORMAL' | 'CLOSED'): KindSchema {
  return refundFailureSchema.refine(({ refund_status }) => refund_status === status);
}
