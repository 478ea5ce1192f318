import { envSchema } from '../../lambdas/daily-bill/env.ts';
import type { DifferenceKind } from '../../lambdas/shared/wechat-pay/bill/compare.ts';
import { agendaIndexName } from '../../lib/constructs/agenda-index.ts';
import { differenceKinds } from '../../lib/functions/daily-bill.ts';
import { stages } from '../../lib/stages.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import {
  allowedIn,
  ofType,
  resourcesIn,
  synthesise,
  type TemplateResource,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const resourcesOf = (wechatPayApi: string | undefined) =>
  synthesise(warrenApp('prod', { wechatPayApi })).flatMap(({ template }) => resourcesIn(template));

const ofBill = (resources: readonly TemplateResource[]) =>
  resources.filter(({ logicalId }) => logicalId.startsWith('DailyBill'));

describe('the function daily-bill', () => {
  const resources = resourcesOf('https://api.mch.weixin.qq.com/');
  const own = ofBill(resources);
  const [fn] = ofType(own, 'AWS::Lambda::Function');

  it('is told where WeChat Pay is, which tables hold what it is compared with, and where a payment is replayed to', () => {
    const environment = fn ? environmentOf(fn) : {};

    expect(fn && folderOf(fn)).toBe('daily-bill');
    expect(environment).toMatchObject({
      WECHAT_PAY_API_URL: 'https://api.mch.weixin.qq.com',
      PAYMENTS_QUEUE: '%2F/orders.payments',
    });
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(Object.keys(envSchema.shape)));
    expect(envSchema.safeParse(environment)).toMatchObject({ success: true });
  });

  it('runs once a day, at half past ten in Beijing, and a run that fails is tried twice more', () => {
    expect(ofType(own, 'AWS::Events::Rule').map(({ Properties }) => Properties['ScheduleExpression'])).toEqual([
      'cron(30 2 * * ? *)',
    ]);
    expect(ofType(own, 'AWS::Lambda::EventInvokeConfig')[0]?.Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 3600,
    });
  });

  it('rings when all three tries of a day have failed, and not before', () => {
    const [alarm] = ofType(own, 'AWS::CloudWatch::Alarm');

    expect(alarm?.Properties).toMatchObject({
      MetricName: 'Errors',
      Threshold: 2,
      ComparisonOperator: 'GreaterThanThreshold',
      Period: 6 * 3600,
      TreatMissingData: 'notBreaching',
      AlarmActions: [expect.anything()],
      AlarmDescription: expect.stringContaining('#the-daily-bill-is-not-compared'),
    });
    // All tries, with all the time they may take, begin and end in one period.
    const lastEnd = 2.5 * 3600 + 3 * Number(fn?.Properties['Timeout']) + 180;
    expect(lastEnd).toBeLessThan(6 * 3600);
  });

  it('reads what it compares, opens exceptions, and may do nothing else', () => {
    const actions = allowedIn(own).map(({ Action, Resource }) => [Action, JSON.stringify(Resource)] as const);
    const on = (action: string) => actions.filter(([one]) => one === action).map(([, resource]) => resource);

    expect(new Set(actions.flatMap(([action]) => action))).toEqual(
      new Set([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'secretsmanager:GetSecretValue',
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ]),
    );
    expect(on('dynamodb:Query')).toEqual([expect.stringMatching(new RegExp(`Orders.*/index/${agendaIndexName}`))]);
    expect(on('dynamodb:UpdateItem')).toEqual([expect.stringContaining('Exceptions')]);
    expect(on('secretsmanager:GetSecretValue').join()).toMatch(
      /MerchantSecret.*MerchantKeySecret|MerchantKeySecret.*MerchantSecret/,
    );
    expect(JSON.stringify(on('dynamodb:GetItem'))).toMatch(/Orders.*Refunds|Refunds.*Orders/);
    expect(JSON.stringify(actions)).not.toContain('"*"');
  });

  it('is not there without the address of WeChat Pay', () => {
    expect(own.length).toBeGreaterThan(4);
    expect(ofBill(resourcesOf(undefined))).toEqual([]);
  });

  it.each(stages)('has its own time for each request, and memory for a bill: %s', (stage) => {
    const [of] = synthesise(warrenApp(stage))
      .flatMap(({ template }) => ofType(resourcesIn(template), 'AWS::Lambda::Function'))
      .filter((one) => folderOf(one) === 'daily-bill');
    const { WECHAT_PAY_API_TIMEOUT_MS = 0, BILL_MOST_BYTES = 0 } = of ? environmentOf(of) : {};

    // One request has three tries.
    expect((3 * Number(WECHAT_PAY_API_TIMEOUT_MS)) / 1000).toBeLessThan(Number(of?.Properties['Timeout']));
    expect(Number(of?.Properties['MemorySize']) * 1024 ** 2).toBeGreaterThanOrEqual(10 * Number(BILL_MOST_BYTES));
  });
});

describe('the kinds of difference on the dashboard', () => {
  it('are all there are', () => {
    const kinds: Record<DifferenceKind, true> = {
      'payment-missing-here': true,
      'payment-missing-there': true,
      'payment-differs': true,
      'refund-missing-here': true,
      'refund-differs': true,
      'state-unknown': true,
    };
    expect([...differenceKinds].sort()).toEqual(Object.keys(kinds).sort());
  });
});
