/** Why something became an exception. A closed set: it is a dimension of a metric. */
export type ExceptionReason = 'unreadable' | 'channel-error' | 'unroutable' | 'refused';

/** A message that nothing can be done about without a person. */
export interface NewException {
  readonly eventId: string;
  /** Where it came up: `outbox`. A closed set too. */
  readonly source: string;
  readonly reason: ExceptionReason;
  readonly error: { readonly name: string; readonly message: string };
  /** Where it is kept besides: the aggregate of an outbox row. */
  readonly aggregate?: string | undefined;
  /** As SQS would have been sent it, as far as it can be read. */
  readonly body?: string | undefined;
  readonly envelope?: string | undefined;
}

/**
 * Where messages end that cannot be delivered or handled. `open` MUST keep one exception per event id and source: a repeat counts as another
 * occurrence of it. It MUST have stored the exception when it returns.
 */
export interface Exceptions {
  open(exception: NewException): Promise<void>;
}
