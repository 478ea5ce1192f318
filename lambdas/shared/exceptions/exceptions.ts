import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import type { Operations } from '../../../rabbitmq/topology.ts';
import type { Operator } from './exception-store.ts';
import type { Queued } from './queued.ts';

/** Why something became an exception. A closed set: it is a dimension of a metric. */
export const exceptionReasons = [
  'unreadable',
  'channel-error',
  'unroutable',
  'refused',
  'retention',
  'parked',
  'rejected',
  'expired',
  'delivery_limit',
  // worked example
  'difference',
] as const;
export type ExceptionReason = (typeof exceptionReasons)[number];

/** Of body and envelope together. An item holds 400 KB (DynamoDB, ServiceQuotas), names and the rest of the row included. */
export const mostContentBytes = 380 * 1024;

/** A message that nothing can be done about without a person. */
export interface NewException {
  readonly eventId: string;
  /** Where it came up: `outbox`, or a queue. A closed set too. */
  readonly source: string;
  /** The queue it came up in, if it came to one: a replay sends it there. */
  readonly queue?: QueueAddress | undefined;
  readonly reason: ExceptionReason;
  /** Its words are redacted already. */
  readonly error: { readonly name: string; readonly message: string; readonly stack?: string | undefined };
  /** What its effect belongs to, where its consumer could read that. */
  readonly businessKey?: string | undefined;
  /** Of its queue. */
  readonly operations?: Operations | undefined;
  /** Where it is kept besides: the aggregate of an outbox row. */
  readonly aggregate?: string | undefined;
  /** Tells apart messages that came up in one place under one event id, which a client may give twice. Default: there are none. */
  readonly contentDigest?: string | undefined;
  /** `recorded` waits for nobody and rings nobody; `parked` waits for its operator and rings nobody. Default: `open`. */
  readonly state?: 'open' | 'recorded' | 'parked' | undefined;
  /** Who parks it, for the row's history. */
  readonly operator?: Operator | undefined;
  /** How it lay in its queue. */
  readonly queued?: Queued | undefined;
  /** As SQS would have been sent it, as far as it can be read; over `mostContentBytes` it is not kept. */
  readonly body?: string | undefined;
  readonly envelope?: string | undefined;
  /** Where the envelope lies in the bucket of bodies, if its headers are too large for a row. */
  readonly envelopeKey?: string | undefined;
}

/** A replay of one exception, as the message says that it sends again. */
export interface Replayed {
  readonly eventId: string;
  /** The row's key beside the event id: source, and digest. */
  readonly row: string;
  readonly replayId: string;
}

/**
 * Where messages end that cannot be delivered or handled. `open` MUST keep one exception per event id, source and digest: a repeat counts as
 * another occurrence of it, and opens it again if it was closed. Parking MUST NOT count as one, and MUST leave alone a row that is open or
 * parked: that has the message, and the place it had first. It MUST have stored the exception when it returns.
 */
export interface Exceptions {
  open(exception: NewException): Promise<void>;
  /** The message of this replay is done with. MUST leave a row alone that was opened again since, or belongs to another replay. */
  resolve(replayed: Replayed): Promise<void>;
}
