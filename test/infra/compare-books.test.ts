import { roundKey as usedKey } from '../../lambdas/compare-books/dynamodb-round-store.ts';
import { envSchema } from '../../lambdas/compare-books/env.ts';
import { differenceKinds as allKinds } from '../../lambdas/shared/books/difference.ts';
import { configs } from '../../lib/config.ts';
import { differenceKinds, roundKey } from '../../lib/functions/compare-books.ts';
import { stages } from '../../lib/stages.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import {
  allowedIn,
  ofType,
  resourcesIn,
  synthesise,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const own = synthesise(warrenApp('prod'))
  .flatMap(({ template }) => resourcesIn(template))
  .filter(({ logicalId }) => logicalId.startsWith('CompareBooks'));
const [fn] = ofType(own, 'AWS::Lambda::Function');

describe('the function compare-books', () => {
  it('is told which tables hold the books, and how far apart they may be', () => {
    const environment = fn ? environmentOf(fn) : {};

    expect(fn && folderOf(fn)).toBe('compare-books');
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(Object.keys(envSchema.shape)));
    expect(envSchema.safeParse(environment)).toMatchObject({ success: true });
  });

  it('runs each hour of a night of China, and a run that fails is not tried again beside the next', () => {
    expect(ofType(own, 'AWS::Events::Rule').map(({ Properties }) => Properties['ScheduleExpression'])).toEqual([
      'cron(10 17-21 * * ? *)',
    ]);
    expect(ofType(own, 'AWS::Lambda::EventInvokeConfig')[0]?.Properties).toMatchObject({ MaximumRetryAttempts: 0 });
    expect(Number(fn?.Properties['Timeout'])).toBeLessThan(3600);
  });

  it('rings when two runs of a night have failed', () => {
    expect(ofType(own, 'AWS::CloudWatch::Alarm')[0]?.Properties).toMatchObject({
      MetricName: 'Errors',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Period: 6 * 3600,
      AlarmActions: [expect.anything()],
      AlarmDescription: expect.stringContaining('#the-books-are-not-compared'),
    });
  });

  it('reads the books, opens exceptions, writes down where it is, and may do nothing else', () => {
    const allowed = allowedIn(own).map(({ Action, Resource }) => [[Action].flat(), JSON.stringify(Resource)] as const);
    const on = (action: string) =>
      allowed.flatMap(([actions, resource]) =>
        actions.includes(action) ? [resource.match(/GetAtt(\w+?)[0-9A-F]{8}Arn/)?.[1]] : [],
      );

    expect([...new Set(allowed.flatMap(([actions]) => actions))].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    expect(on('dynamodb:UpdateItem').join()).toMatch(/^\w*Exceptions$/);
    expect(on('dynamodb:PutItem').join()).toMatch(/^\w*Sequences$/);
    const queried = allowed.filter(([actions]) => actions.includes('dynamodb:Query')).map(([, resource]) => resource);
    for (const table of ['Exceptions', 'Outbox', 'Refunds']) expect(queried.join()).toContain(table);
  });

  it('may touch no sequence', () => {
    const [policy] = ofType(own, 'AWS::IAM::Policy');
    const statements: { Action: unknown; Condition?: unknown }[] = policy?.Properties['PolicyDocument'].Statement ?? [];

    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('PutItem'))).toMatchObject([
      { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [roundKey] } } },
    ]);
    expect(roundKey).toBe(usedKey);
  });

  it.each(stages)('gives the consumers more time than they wait between their tries: %s', (stage) => {
    const { compareBooks, consumers } = configs[stage];

    expect(compareBooks.settle.toSeconds()).toBeGreaterThanOrEqual(consumers.ledger.retryMax.toSeconds());
  });
});

describe('the kinds of difference on the dashboard', () => {
  it('are all there are', () => {
    expect([...differenceKinds].sort()).toEqual([...allKinds].sort());
  });
});
