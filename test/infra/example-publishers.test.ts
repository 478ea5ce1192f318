import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createOrderTimeoutsConsumer } from '../../lambdas/order-timeouts/order-timeouts-consumer.ts';
import { createOrdersConsumer } from '../../lambdas/orders/orders-consumer.ts';
import { paymentsExchange } from '../../lambdas/shared/wechat-pay/told-message.ts';
import { configs } from '../../lib/config.ts';
import { ExchangeNotDeclaredError, publishers } from '../../lib/publishers.ts';
import { loadDefinitions } from '../../lib/topology.ts';
import { message, now, silentLog } from '../unit/lambdas/builders.ts';
import { MemoryOrdersStore } from '../unit/lambdas/shared/orders/memory-orders-store.ts';
import { created, orderIn, payment } from '../unit/lambdas/shared/orders/orders.ts';
import { MemoryRefundsStore } from '../unit/lambdas/shared/refunds/memory-refunds-store.ts';

const definitions = path.join(import.meta.dirname, '../../topology/definitions.json');

describe('the worked example', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-publishers-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['orders', 'payments'])('is not synthesised when the exchange %s was renamed', (exchange) => {
    const file = path.join(folder, 'definitions.json');
    const renamed = new RegExp(`"(name|source)": "${exchange}"`, 'g');
    writeFileSync(file, readFileSync(definitions, 'utf8').replaceAll(renamed, `"$1": "shop-${exchange}"`));

    const load = () => loadDefinitions(file, { namePrefix: 'warren-test', config: configs.dev, isDefault: true });

    expect(load).toThrow(ExchangeNotDeclaredError);
    expect(load).toThrow(`did you mean 'shop-${exchange}'`);
  });

  it('publishes to the exchanges that lib/publishers.ts says', async () => {
    const store = new MemoryOrdersStore(orderIn.PAYING);
    const deps = { store, refunds: new MemoryRefundsStore(), now: () => now, newEventId: () => 'e' };
    const delivery = { message: message(), log: silentLog, redelivered: false };
    await createOrdersConsumer(deps).handle({ body: payment, ...delivery });
    const [paid] = store.messages;
    const unpaid = new MemoryOrdersStore(orderIn.PAYING);
    await createOrderTimeoutsConsumer({ ...deps, store: unpaid }).handle({ body: created, ...delivery });
    const [closed] = unpaid.messages;

    expect(publishers['orders']?.exchange).toBe(paid?.message.exchange);
    expect(publishers['order-timeouts']?.exchange).toBe(closed?.message.exchange);
    expect(publishers['wechat-pay-notify']?.exchange).toBe(paymentsExchange);
  });
});
