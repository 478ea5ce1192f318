import type { OutboxMessage } from '../../../../../lambdas/shared/outbox/outbox-message.ts';
import { type Goods, type Place, placeOf, type Reservation } from '../../../../../lambdas/shared/stock/reservation.ts';
import type { MoveResult, StockStore } from '../../../../../lambdas/shared/stock/stock-store.ts';

/** Goods and reservations, as the port asks for it. */
export class MemoryStockStore implements StockStore {
  readonly messages: OutboxMessage[] = [];
  /** Each move there was, as the state before and the one after it. */
  readonly moves: (readonly [from: string, to: string])[] = [];
  private readonly counts = new Map<string, Goods>();
  private readonly rows = new Map<string, Reservation>();
  /** What others do after a reservation is read and before it is written. */
  private readonly meanwhile: (() => void)[] = [];

  constructor(available: Readonly<Record<string, number>> = {}, ...rows: Reservation[]) {
    for (const [sku, count] of Object.entries(available)) this.counts.set(sku, goodsOf(sku, count));
    for (const row of rows) this.rows.set(row.out_trade_no, row);
  }

  /** Before the next write. */
  beforeWrite(act: () => void): this {
    this.meanwhile.push(act);
    return this;
  }

  get all(): Goods[] {
    return [...this.counts.values()];
  }

  async find(out_trade_no: string): Promise<Reservation | undefined> {
    return this.rows.get(out_trade_no);
  }

  async goods(sku: string): Promise<Goods> {
    return this.counts.get(sku) ?? goodsOf(sku, 0);
  }

  add(sku: string, place: Place, count: number): void {
    const goods = this.counts.get(sku) ?? goodsOf(sku, 0);
    this.counts.set(sku, { ...goods, [place]: goods[place] + count });
  }

  put(row: Reservation): void {
    this.rows.set(row.out_trade_no, row);
  }

  async move(from: Reservation | undefined, to: Reservation, messages: readonly OutboxMessage[]): Promise<MoveResult> {
    this.meanwhile.shift()?.();
    if (this.rows.get(to.out_trade_no)?.state !== from?.state) return 'changed';
    const [source, target] = [placeOf(from?.state), placeOf(to.state)];
    if (source !== target) {
      const moved = await Promise.all(
        to.items.map(async ({ sku, quantity }) => {
          const goods = await this.goods(sku);
          return { ...goods, [source]: goods[source] - quantity, [target]: goods[target] + quantity };
        }),
      );
      if (moved.some((goods) => goods[source] < 0)) return 'short';
      for (const goods of moved) this.counts.set(goods.sku, goods);
    }
    this.put(to);
    this.moves.push([from?.state ?? 'NONE', to.state]);
    this.messages.push(...messages);
    return 'moved';
  }
}

function goodsOf(sku: string, available: number): Goods {
  return { sku, available, reserved: 0, sold: 0 };
}
