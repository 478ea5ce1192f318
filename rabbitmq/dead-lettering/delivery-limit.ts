import { type Dialect, dialectRules } from '../dialect.ts';
import type { Queue } from '../topology.ts';

/** How often a message came back from its consumers. */
export interface Returns {
  /** However it came back. */
  readonly returned: number;
  /** By a reject with requeue, a crash or a lost connection (rule 4.8.3). */
  readonly failed: number;
}

/**
 * Whether the message is dead-lettered as `delivery_limit` instead of being delivered once more: a limit of N is N + 1 deliveries (rule
 * 4.8.6). Before 4.3 everything that came back counts, since then failures only (rules 4.8.3 to 4.8.5).
 */
export function isOverDeliveryLimit(
  { deliveryLimit }: Pick<Queue, 'deliveryLimit'>,
  { returned, failed }: Returns,
  dialect: Dialect,
): boolean {
  if (deliveryLimit === undefined) return false;
  return (dialectRules[dialect].deliveryLimitCounts === 'failures' ? failed : returned) > deliveryLimit;
}
