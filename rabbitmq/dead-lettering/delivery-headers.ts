import { type Dialect, dialectRules } from '../dialect.ts';
import type { Headers } from '../message.ts';
import type { Queue } from '../topology.ts';
import type { Returns } from './delivery-limit.ts';

/**
 * What a quorum queue tells the consumer of a redelivered message beside its own headers: `x-delivery-count`, what counts towards the
 * limit, and since 4.3 `x-acquired-count`, however it came back (rules 4.8.2 to 4.8.5).
 */
export function deliveryHeaders(
  { type }: Pick<Queue, 'type'>,
  { returned, failed }: Returns,
  dialect: Dialect,
): Headers {
  if (type !== 'quorum' || returned === 0) return {};
  if (dialectRules[dialect].deliveryLimitCounts === 'redeliveries') return { 'x-delivery-count': returned };
  return { ...(failed > 0 && { 'x-delivery-count': failed }), 'x-acquired-count': returned };
}
