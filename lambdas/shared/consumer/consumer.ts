import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Log } from '../telemetry/telemetry.ts';

export interface Delivery<Body> {
  readonly body: Body;
  /** Redelivered by a quorum queue it has `x-delivery-count`, as the dialect says (rule 4.8.2). */
  readonly message: Message;
  /** It was received before: its handling failed, or never ended. */
  readonly redelivered: boolean;
  /** Comes a little before Lambda ends the function: whoever waits for something outside stops then. Default: there is no such end. */
  readonly deadline?: AbortSignal | undefined;
  readonly log: Log;
}

interface QueueReader<Body> {
  /** Of the queue. Default: `/`. */
  readonly vhost?: string | undefined;
  /** RabbitMQ's name of the queue. */
  readonly queue: string;
  /** Of any library that speaks Standard Schema (zod, valibot, arktype). A payload that is no unambiguous JSON, or does not fit, is dead-lettered at once. */
  readonly schema: StandardSchemaV1<unknown, Body>;
}

/** What a team writes for a queue: everything else is the record loop's. */
export interface Consumer<Body> extends QueueReader<Body> {
  /** What one effect belongs to. Two messages with one key are one effect; never an SQS message id. */
  readonly businessKey: (body: Body) => string;
  /** What must not differ between two messages with one business key; a difference is dead-lettered, not believed. */
  readonly comparable: (body: Body) => readonly (string | number)[];
  /**
   * Acks by returning, retries by throwing (a `RetryableError` may name the delay), rejects by throwing a `PermanentError`.
   * Its effect MUST be safe to attempt twice: the idempotency table spares work, it is not the last word.
   */
  readonly handle: (delivery: Delivery<Body>) => Promise<void>;
  /**
   * RabbitMQ's automatic acknowledgement: the message leaves its queue before it is handled, and does not come back when that fails or the
   * function dies. For what is worthless a moment later, and not for FIFO queues. Default: it leaves once it is handled.
   */
  readonly autoAck?: boolean | undefined;
}

/** Undefined: ack. A `PermanentError`: reject. Any other error: retry. */
export type Verdict = Error | undefined;

/**
 * For effects that cost less together: one transaction for a whole batch. There is no outer door in front of it: its write alone MUST make a
 * repeat, the same message twice in one batch, and one that is out of order, harmless. Not for FIFO queues, whose order one failure would break.
 */
export interface BatchConsumer<Body> extends QueueReader<Body> {
  /** One verdict for each delivery, in their order. Throwing retries all of them. */
  readonly handleAll: (deliveries: readonly Delivery<Body>[]) => Promise<readonly Verdict[]>;
}
