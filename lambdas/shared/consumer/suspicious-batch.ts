import type { SQSEvent } from 'aws-lambda';
import type { Log } from '../telemetry/telemetry.ts';
import type { Attempt } from './attempt.ts';
import type { Receipts } from './settlement.ts';

/**
 * A batch that holds a record with so many receives may be one that takes its function down, and then none of it is acked. Its records
 * are handled one by one and removed as they are done, so that only those that crash die of it.
 */
const suspiciousReceives = 3;

export function isSuspicious(event: SQSEvent): boolean {
  return mostReceives(event) >= suspiciousReceives;
}

/** From its other end at every second receive: what lies before the one that crashes is done now, what lies behind it the next time. */
export function turned<Event extends SQSEvent>(event: Event): Event {
  return mostReceives(event) % 2 === 0 ? { ...event, Records: event.Records.toReversed() } : event;
}

/** The answer of a function that a later record takes down is never given. What is not removed here is acked by that answer, or comes again. */
export async function removeNow(
  { record, log }: { readonly record: Attempt['record']; readonly log: Log },
  receipts: Pick<Receipts, 'remove'>,
  deadline: AbortSignal | undefined,
): Promise<void> {
  try {
    await receipts.remove(record, deadline);
  } catch (error) {
    log.warn('message not removed before the end of its batch', {
      error: error instanceof Error ? error.name : 'unknown',
    });
  }
}

function mostReceives({ Records }: SQSEvent): number {
  return Math.max(0, ...Records.map(({ attributes }) => Number(attributes?.ApproximateReceiveCount ?? 1)));
}
