import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { PermanentError, RetryableError } from '../consumer/errors.ts';
import { writesNothing } from './writes-nothing.ts';

/** A limit of DynamoDB stands against what should be written. Nothing was written, and trying again cannot help. */
export class OutboxLimitError extends PermanentError {
  override readonly name = 'OutboxLimitError';
  readonly actual: number;
  readonly most: number;
  /** Of the message whose row is too large. Undefined: the transaction is, as a whole. */
  readonly eventId: string | undefined;

  constructor(what: string, actual: number, most: number, unit: string, eventId?: string) {
    super(`${writesNothing}: ${what} ${grouped(actual)} ${unit}, and DynamoDB takes ${grouped(most)}`);
    this.actual = actual;
    this.most = most;
    this.eventId = eventId;
  }
}

/** An event id stands for other content than before, in a row or in the same request. Nothing was written. */
export class EventIdReusedError extends PermanentError {
  override readonly name = 'EventIdReusedError';

  constructor(eventIds: readonly string[]) {
    super(`${writesNothing}: it has other content under the event ids ${eventIds.join(', ')}`);
  }
}

/**
 * The relay has given these rows up: they are exceptions, and nothing of the outbox sends them any more. Nothing was written; whoever has repaired
 * what was in the way publishes them in mode `confirm`.
 */
export class GivenUpError extends PermanentError {
  override readonly name = 'GivenUpError';

  constructor(eventIds: readonly string[]) {
    super(
      `${writesNothing}: it has given up ${eventIds.join(', ')} (see the exceptions table); publish them in mode confirm, under the same event ids`,
    );
  }
}

/** Some rows of a transaction were there before and others were not, so the caller's own writes were neither made nor not made with them. */
export class PartlyWrittenError extends PermanentError {
  override readonly name = 'PartlyWrittenError';

  constructor(eventIds: readonly string[]) {
    super(
      `${writesNothing}: of the rows to be written with the caller's own writes it has ${eventIds.join(', ')} only`,
    );
  }
}

/** DynamoDB cancelled the transaction for a conflict or a throttle, each time it was tried. Nothing was written. */
export class TransactionCancelledError extends RetryableError {
  override readonly name = 'TransactionCancelledError';

  constructor(codes: readonly string[], cause: unknown) {
    super(`the transaction was cancelled: ${codes.join(', ')}`, { cause });
  }
}

function grouped(number: number): string {
  return number.toLocaleString('en');
}

/**
 * Whether a transaction that ended in this error may be written nevertheless: no answer came, or the last of several tries was answered. A cancelled
 * one is not: DynamoDB would have known the first try by its token.
 */
export function mayBeWritten(error: unknown): boolean {
  if (error instanceof TransactionCancelledError) return false;
  const isRefusal = error instanceof DynamoDBServiceException && error.$fault === 'client';
  return !isRefusal || (error.$metadata.attempts ?? 1) > 1;
}
