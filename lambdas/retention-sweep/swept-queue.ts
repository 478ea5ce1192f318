import { readFileSync } from 'node:fs';
import type { QueueAddress } from '../../rabbitmq/queue-address.ts';

/** An SQS queue whose messages must not end by SQS's retention. */
export interface SweptQueue {
  readonly sqsName: string;
  /** The RabbitMQ queue whose messages it holds. */
  readonly queue: QueueAddress;
  /** Seconds. SQS deletes what is older, and tells nobody. */
  readonly retentionSeconds: number;
  /** Seconds. What is older is taken out. */
  readonly sweepAfterSeconds: number;
  /** Its receives count for nothing: no redrive policy ends what is looked at too often. */
  readonly isDeadLetterQueue: boolean;
  /** RabbitMQ would drop its expired messages: they are nobody's task. */
  readonly dropsExpired: boolean;
}

/** Compiled at synth; lies beside the function's code. Loaded once per cold start. */
export function loadSweptQueues(): readonly SweptQueue[] {
  return JSON.parse(readFileSync(new URL('swept-queues.json', import.meta.url), 'utf8'));
}
