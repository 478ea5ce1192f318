import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createOrdersConsumer } from '../../lambdas/orders/orders-consumer.ts';
import type { OutboxMessage } from '../../lambdas/shared/outbox/outbox-message.ts';
import { paymentsExchange } from '../../lambdas/wechat-pay-notify/to-message.ts';
import { configs } from '../../lib/config.ts';
import { ExchangeNotDeclaredError, publishers } from '../../lib/publishers.ts';
import { loadDefinitions } from '../../lib/topology.ts';
import { message, now, silentLog } from '../unit/lambdas/builders.ts';
import { payment } from '../unit/lambdas/shared/orders/orders.ts';

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
    const events: OutboxMessage[] = [];
    const store = {
      async markPaid(_: unknown, event: OutboxMessage) {
        events.push(event);
        return { outcome: 'applied' as const };
      },
    };
    await createOrdersConsumer({ store, now: () => now, newEventId: () => 'e' }).handle({
      body: payment,
      message: message(),
      log: silentLog,
      redelivered: false,
    });

    expect(publishers['orders']?.exchange).toBe(events[0]?.message.exchange);
    expect(publishers['wechat-pay-notify']?.exchange).toBe(paymentsExchange);
  });
});
