import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import type { OwnWrite } from '../aws/transaction.ts';
import type { OutboxMessage } from './outbox-message.ts';

export type WriteResult =
  /**
   * One row per message, in their order, with the caller's own writes. `written-before`: by an earlier transaction, and so were its own
   * writes, or for an earlier message of this one, which is the same event.
   */
  | { readonly outcome: 'written'; readonly rows: readonly ('written' | 'written-before')[] }
  /** A condition of the caller's own writes does not hold: nothing is written. One reason per own write, in their order. */
  | { readonly outcome: 'refused'; readonly reasons: readonly CancellationReason[] };

/** Messages at rest until they are delivered. */
export interface Outbox {
  /**
   * MUST store all messages and the caller's own writes in one transaction, or nothing, and MUST check its limits before (`OutboxLimitError`).
   * MUST store one row however often an event is written under its aggregate and event id: a repeat is a success and leaves the row as it
   * is, even after a reply that was lost. Other content under an event id MUST be refused (`EventIdReusedError`). MUST end soon after the
   * deadline, with an error that `mayBeWritten` judges. Default: as long as it takes.
   */
  write(
    messages: readonly OutboxMessage[],
    ownWrites?: readonly OwnWrite[],
    deadline?: AbortSignal,
  ): Promise<WriteResult>;
}
