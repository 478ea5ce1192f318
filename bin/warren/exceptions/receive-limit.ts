import type { AuditRow } from '../../../lambdas/shared/audit/audit-log.ts';
import type { DeployedQueue, OperatorRun } from '../backlog/stage.ts';

/** The most that SQS takes (SQS API reference, SetQueueAttributes). */
export const liftedLimit = 1000;
/** As the audit log calls it. */
const parking = 'park';

/**
 * A receive counts as a delivery: with its limit of them SQS would move what is near it to the dead-letter queue instead of handing it out. What was
 * there before stands in the audit log before it is lifted, and whoever parks next finds it there after a crash.
 */
export interface ReceiveLimit {
  /** What the queue was deployed with. Undefined: it has none. */
  readonly deployed: number | undefined;
  /** Another run has lifted it, and did not survive. */
  readonly isLifted: boolean;
}

export async function receiveLimitOf(
  queue: DeployedQueue,
  subject: string,
  { stage }: Pick<OperatorRun, 'stage'>,
): Promise<ReceiveLimit> {
  const now = await stage.receiveLimits.get(queue);
  if (now !== liftedLimit) return { deployed: now, isLifted: false };
  const before = limitBefore(await stage.audit.list(subject));
  return before === undefined ? { deployed: now, isLifted: false } : { deployed: before, isLifted: true };
}

/** The act that lifts it, to be recorded before. */
export function parkAct(messages: number, { deployed = null }: { readonly deployed?: number | null | undefined }) {
  return {
    act: parking,
    before: { messages, maxReceiveCount: deployed },
    after: { maxReceiveCount: deployed === null ? null : liftedLimit },
  };
}

function limitBefore(rows: readonly AuditRow[]): number | undefined {
  const last = rows.findLast(({ act }) => act === parking)?.before['maxReceiveCount'];
  return typeof last === 'number' ? last : undefined;
}
