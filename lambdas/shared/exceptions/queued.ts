import type { SQSRecord } from 'aws-lambda';

/** How a message lay in its queue: what sends it again keeps its order by this. */
export interface Queued {
  readonly sentAt: Date;
  /** Of a FIFO queue. */
  readonly group?: string | undefined;
  /** Within its group a later message has a greater one. */
  readonly sequence?: string | undefined;
  /** Deliveries: without a receive that was none. */
  readonly receives: number;
}

/** `uncounted`: receives that handed it to no consumer. */
export function queuedOf({ attributes }: SQSRecord, uncounted: 0 | 1): Queued | undefined {
  const sentAt = new Date(Number(attributes?.SentTimestamp));
  if (Number.isNaN(sentAt.getTime())) return undefined;
  return {
    sentAt,
    group: attributes.MessageGroupId,
    sequence: attributes.SequenceNumber,
    receives: Math.max(0, Number(attributes.ApproximateReceiveCount) - uncounted),
  };
}
