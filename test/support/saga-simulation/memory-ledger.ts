import { createLedgerConsumer } from '../../../lambdas/ledger/ledger-consumer.ts';
import type { Consumer } from '../../../lambdas/shared/consumer/consumer.ts';
import { type OrderEvent, orderEventSchema } from '../../../lambdas/shared/orders/order-event.ts';

/** The ledger's own code, a message at a time. */
export function createMemoryLedger() {
  const entries = new Map<string, OrderEvent>();
  const ledger = createLedgerConsumer({
    async upsertAll(events) {
      return events.map((event) => {
        const known = entries.get(event.out_trade_no);
        if (known && known.version >= event.version) return { outcome: 'known' };
        entries.set(event.out_trade_no, event);
        return { outcome: 'written' };
      });
    },
  });
  const consumer: Consumer<OrderEvent> = {
    queue: ledger.queue,
    schema: orderEventSchema,
    businessKey: ({ out_trade_no, state }) => `${out_trade_no}:${state}`,
    comparable: () => [],
    async handle(delivery) {
      const [verdict] = await ledger.handleAll([delivery]);
      if (verdict) throw verdict;
    },
  };
  return { entries, consumer };
}
