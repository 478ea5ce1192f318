import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbOutbox } from '../../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { TransactionCancelledError } from '../../../../lambdas/shared/outbox/errors.ts';
import { createDynamoDbStockStore } from '../../../../lambdas/shared/stock/dynamodb-stock-store.ts';
import { createStockConsumer } from '../../../../lambdas/stock/stock-consumer.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { created, payingOrder } from '../shared/orders/orders.ts';

const items = [{ sku: 'TEA-1', quantity: 2 }];

describe('goods that many orders want at once', () => {
  it('are not tried for beyond the deadline of the delivery', async () => {
    let writes = 0;
    const client = {
      async send({ input }: { input: object }) {
        if (!('TransactItems' in input)) return {};
        writes += 1;
        const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
        throw new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
      },
    } as unknown as DynamoDBDocumentClient;
    const common = { now: () => now, maxAttempts: 8, sleep: async () => {}, random: () => 0 };
    const stock = createDynamoDbStockStore(
      client,
      createDynamoDbOutbox(client, { table: 'outbox', ...common }),
      'stock',
    );
    const orders = new MemoryOrdersStore({ ...payingOrder, items });
    const consumer = createStockConsumer({ stock, orders, holdMs: 1, now: () => now, newEventId: () => 'event-9' });
    const handle = (deadline?: AbortSignal) =>
      consumer.handle({
        body: { ...created, items },
        message: message(),
        log: silentLog,
        redelivered: false,
        deadline,
      });

    expect(await rejectionOf(handle(AbortSignal.abort()))).toBeInstanceOf(TransactionCancelledError);
    expect(writes).toBe(1);
    expect(await rejectionOf(handle())).toBeInstanceOf(TransactionCancelledError);
    expect(writes).toBe(9);
  });
});
