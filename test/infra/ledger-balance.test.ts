import { isNothing, moneyOf } from '../../lambdas/shared/balances/money.ts';
import { type OrderState, orderVersions } from '../../lambdas/shared/orders/order-event.ts';
import { statesWithoutMoney } from '../../lib/constructs/ledger-balance.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));

describe('the balance of the ledger', () => {
  it('is told of every entry but those of orders that no money was received for', () => {
    const without = (Object.keys(orderVersions) as OrderState[]).filter((state) =>
      isNothing(moneyOf({ state, amount: { total: 1, currency: 'CNY' } })),
    );
    expect([...statesWithoutMoney].sort()).toEqual(without.sort());

    const [mapping] = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(({ logicalId }) =>
      logicalId.startsWith('LedgerBalance'),
    );
    const patterns = mapping?.Properties['FilterCriteria'].Filters.map(({ Pattern }: { Pattern: string }) =>
      JSON.parse(Pattern),
    );
    expect(patterns).toEqual([
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: { NewImage: { state: { S: [{ 'anything-but': ['PAYING', 'CLOSED'] }] } } },
      },
    ]);
  });

  it('rings when it lags, when its stream gives up, and when an entry cannot be read', () => {
    const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').filter(({ Properties }) =>
      JSON.stringify(Properties['AlarmDescription']).includes('#the-balance-is-behind'),
    );

    expect(alarms.map(({ Properties }) => [Properties['MetricName'], Properties['Threshold']]).sort()).toEqual([
      ['ApproximateNumberOfMessagesVisible', 0],
      ['IteratorAge', 15 * 60_000],
      ['LedgerEntries', 0],
    ]);
  });
});
