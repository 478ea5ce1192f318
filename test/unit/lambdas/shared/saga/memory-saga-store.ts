import type { OutboxMessage } from '../../../../../lambdas/shared/outbox/outbox-message.ts';
import type { SagaMark, SagaRow } from '../../../../../lambdas/shared/saga/saga-row.ts';
import type { SagaStore } from '../../../../../lambdas/shared/saga/saga-store.ts';

/** The progress of orders, as the port asks for it. */
export class MemorySagaStore implements SagaStore {
  readonly messages: OutboxMessage[] = [];
  private readonly rows = new Map<string, SagaRow>();

  get all(): SagaRow[] {
    return [...this.rows.values()];
  }

  async find(out_trade_no: string): Promise<SagaRow | undefined> {
    return this.rows.get(out_trade_no);
  }

  async mark(out_trade_no: string, mark: SagaMark, at: string, first: OutboxMessage): Promise<void> {
    const known = this.rows.get(out_trade_no);
    if (!known) this.messages.push(first);
    this.rows.set(out_trade_no, { ...known, out_trade_no, marks: { [mark]: at, ...known?.marks } });
  }

  async tell(from: SagaRow, told: NonNullable<SagaRow['told']>, next: OutboxMessage): Promise<boolean> {
    const known = this.rows.get(from.out_trade_no);
    if (!known || known.told?.last !== from.told?.last) return false;
    this.rows.set(from.out_trade_no, { ...known, told });
    this.messages.push(next);
    return true;
  }
}
