import { createLedgerConsumer } from '../../../../lambdas/ledger/ledger-consumer.ts';
import type { EntryResult, LedgerStore } from '../../../../lambdas/ledger/ledger-store.ts';
import { PermanentError, RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import type { OrderEvent, OrderState } from '../../../../lambdas/shared/orders/order-event.ts';
import { orderVersions } from '../../../../lambdas/shared/orders/order-event.ts';
import { message, silentLog } from '../builders.ts';

const event = (out_trade_no: string, state: OrderState, total = 100): OrderEvent => ({
  out_trade_no,
  state,
  version: orderVersions[state],
  amount: { total, currency: 'CNY' },
  changed_at: '2026-11-23T10:00:00+08:00',
});

/** Answers `result` for each event; remembers what it was given. */
class FakeLedger implements LedgerStore {
  readonly batches: (readonly OrderEvent[])[] = [];

  private readonly result: (event: OrderEvent) => EntryResult;

  constructor(result: (event: OrderEvent) => EntryResult = () => ({ outcome: 'written' })) {
    this.result = result;
  }

  async upsertAll(events: readonly OrderEvent[]): Promise<EntryResult[]> {
    this.batches.push(events);
    return events.map(this.result);
  }
}

async function handled(ledger: LedgerStore, ...events: OrderEvent[]) {
  const deliveries = events.map((body) => ({ body, message: message({}), redelivered: false, log: silentLog }));
  return createLedgerConsumer(ledger).handleAll(deliveries);
}

describe('events of a batch', () => {
  it('are written in one go, the newest of each order alone', async () => {
    const ledger = new FakeLedger();
    const [a1, a2, b] = [event('A', 'PAYING'), event('A', 'PAID'), event('B', 'PAYING')];

    expect(await handled(ledger, a2, a1, b, a2)).toEqual([undefined, undefined, undefined, undefined]);

    expect(ledger.batches).toEqual([[a2, b]]);
  });

  it('are rejected that have a version which no order in their state has, and keep out nothing that is true', async () => {
    const ledger = new FakeLedger();
    const [paid, forged] = [event('A', 'PAID'), { ...event('A', 'PAYING'), version: 1_000 }];

    const [ofForged, ofPaid] = await handled(ledger, forged, paid);

    expect(ofForged).toBeInstanceOf(PermanentError);
    expect(ofPaid).toBeUndefined();
    expect(ledger.batches).toEqual([[paid]]);
  });

  it('are done when the ledger knows them', async () => {
    const ledger = new FakeLedger(() => ({ outcome: 'known' }));

    expect(await handled(ledger, event('A', 'PAID'))).toEqual([undefined]);
  });

  it('are rejected when they are refused, and what was passed over for them comes back', async () => {
    const ledger = new FakeLedger(() => ({ outcome: 'refused', reason: 'too large' }));

    const [newer, older] = await handled(ledger, event('A', 'PAID'), event('A', 'PAYING'));

    expect(newer).toEqual(new PermanentError('order A: too large'));
    expect(older).toBeInstanceOf(RetryableError);
  });

  it('come back when nothing is known of their writing', async () => {
    const ledger = new FakeLedger(() => ({ outcome: 'unwritten', cause: new Error('socket hang up') }));

    const [verdict] = await handled(ledger, event('A', 'PAID'));

    expect(verdict).toBeInstanceOf(RetryableError);
    expect(verdict?.cause).toEqual(new Error('socket hang up'));
  });

  it('that say two things under one version are not both believed: the second is compared with the ledger by itself', async () => {
    const ledger = new FakeLedger();

    const [first, second] = await handled(ledger, event('A', 'PAID', 100), event('A', 'PAID', 999));

    expect(first).toBeUndefined();
    expect(second).toBeInstanceOf(RetryableError);
    expect(ledger.batches).toEqual([[event('A', 'PAID', 100)]]);
  });
});
