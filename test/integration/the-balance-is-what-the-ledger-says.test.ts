import { randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { seededRandom } from '../../bin/warren/random.ts';
import { createDynamoDbBalancesReader } from '../../lambdas/shared/balances/dynamodb-balances-reader.ts';
import type { Money } from '../../lambdas/shared/balances/money.ts';
import { type OrderEvent, type OrderState, orderVersions } from '../../lambdas/shared/orders/order-event.ts';
import { createDynamoDbCounterTotals } from '../../lambdas/shared/sharded-counter/dynamodb-counter-totals.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import { drained } from '../support/queue-contents.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { shuffled } from '../support/shuffled.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { documents, outputs, lambda, endpoint } = deployment;
const patience = { maxAttempts: 5, sleep: async () => {} };
const { totals } = createDynamoDbCounterTotals(documents, { table: outputs.BalancesTable, ...patience });
const { balances } = createDynamoDbBalancesReader(documents, {
  totals,
  table: outputs.BalanceEntriesTable,
  ...patience,
});

/** A currency of the test's own, beside those of other tests. */
const newCurrency = () => `X${randomUUID().slice(0, 2).toUpperCase()}`;
const newOrder = () => `B-${randomUUID().slice(0, 20)}`;
const life: readonly OrderState[] = ['PAYING', 'PAID', 'REFUNDING', 'REFUNDED'];

function eventOf(out_trade_no: string, state: OrderState, currency: string, total: number): OrderEvent {
  return {
    out_trade_no,
    state,
    version: orderVersions[state],
    amount: { total, currency },
    changed_at: '2026-11-23T10:00:00+08:00',
  };
}

/** Waits for it, and answers what there is. */
function balanceOf(currency: string, expected: Money): Promise<Money | undefined> {
  return eventually(
    async () => (await balances()).get(currency),
    (balance) =>
      balance !== undefined && Object.entries(expected).every(([kind, sum]) => Reflect.get(balance, kind) === sum),
    20_000,
  );
}

async function published(events: readonly OrderEvent[]): Promise<void> {
  await invoke(lambda, outputs.PublishFunction, {
    messages: events.map((event) => ({
      exchange: '',
      routing_key: 'ledger.entries',
      payload: JSON.stringify(event),
    })),
  });
  expect(await drained(deployment, deployment.queueUrl('ledger.entries'))).toBe(0);
}

describe('the balance of a currency', () => {
  it('is what the ledger’s entries say, however often and in whatever order their versions came', async () => {
    const currency = newCurrency();
    // Four orders end in each state.
    const events = life.flatMap((_, last) =>
      Array.from({ length: 4 }, (_, n) => newOrder() + n).flatMap((order) =>
        life.slice(0, last + 1).map((state) => eventOf(order, state, currency, 100 * (last + 1))),
      ),
    );
    const expected = { received: 4 * (200 + 300 + 400), on_its_way_back: 4 * 300, sent_back: 4 * 400 };

    await published(shuffled([...events, ...events], seededRandom(5)));

    expect(await balanceOf(currency, expected)).toEqual(expected);
    const told = events.map((event) => ({ eventName: 'MODIFY', dynamodb: { NewImage: marshall(event) } }));
    // The stream tells of all of it once more, old versions too.
    expect(await invoke(lambda, outputs.LedgerBalanceFunction, { Records: told })).toMatchObject({ failed: false });
    expect(await balanceOf(currency, expected)).toEqual(expected);
  });

  it('is recounted without counting anything twice, and compared by the command line', async () => {
    const currency = newCurrency();
    const expected = { received: 700, on_its_way_back: 0, sent_back: 0 };
    await published([eventOf(newOrder(), 'PAID', currency, 700)]);
    expect(await balanceOf(currency, expected)).toEqual(expected);

    const { answer } = await invoke(lambda, outputs.LedgerBalanceFunction, { recount: {} });
    expect(answer).not.toHaveProperty('next');
    expect(await balanceOf(currency, expected)).toEqual(expected);

    const { stdout } = await finished(startWarren(endpoint, ['balances', '--check', '--json', '--stage', 'local']));
    expect(JSON.parse(stdout).currencies).toContainEqual({
      currency,
      balance: expected,
      ledger: expected,
      counted: expected,
    });
  });
});

describe('the keys that are hot', () => {
  it('are not known where nobody looks, and the command line says so', async () => {
    const { status, stdout } = await finished(startWarren(endpoint, ['hot-keys', '--stage', 'local']));

    expect(stdout).toMatch(/^Nothing is known: Contributor Insights is off there/);
    expect(status).toBe(0);
  });
});
