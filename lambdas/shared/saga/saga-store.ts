import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { SagaMark, SagaRow } from './saga-row.ts';

/** The progress of orders at rest. What is written with a message MUST be written together with it or not at all. */
export interface SagaStore {
  find(out_trade_no: string): Promise<SagaRow | undefined>;
  /** MUST store `first` with the order's first mark, once, and MUST leave a mark that is there as it is. */
  mark(out_trade_no: string, mark: SagaMark, at: string, first: OutboxMessage): Promise<void>;
  /** MUST write neither, and answer false, unless the last check still is the one that `from` says. */
  tell(from: SagaRow, told: NonNullable<SagaRow['told']>, next: OutboxMessage): Promise<boolean>;
}
