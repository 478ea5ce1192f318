import { OnCallWebhookError, parseWebhook } from '../../lib/on-call-context.ts';
import {
  allowedIn,
  ofType,
  resourcesIn,
  synthesise,
  type TemplateResource,
  warrenApp,
  webhookSecretArn,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const resourcesOf = (...args: Parameters<typeof warrenApp>) =>
  synthesise(warrenApp(...args)).flatMap(({ template }) => resourcesIn(template));
const prod = resourcesOf('prod', { onCallEmail: 'you@example.com', escalationEmail: 'lead@example.com' });

const named = (resources: readonly TemplateResource[], type: string, prefix: string) =>
  ofType(resources, type).filter(({ logicalId }) => logicalId.startsWith(prefix));

describe('the notices', () => {
  const [mapping] = named(prod, 'AWS::Lambda::EventSourceMapping', 'ExceptionNotices');

  it('are of rows that begin to wait, five seconds of them at a time, and give up nothing before six hours', () => {
    expect(mapping?.Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumBatchingWindowInSeconds: 5,
      MaximumRecordAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
    });
    const patterns = mapping?.Properties['FilterCriteria'].Filters.map(({ Pattern }: { Pattern: string }) =>
      JSON.parse(Pattern),
    );
    const opens = { NewImage: { state: { S: ['open'] } } };
    expect(patterns).toEqual([
      { eventName: ['INSERT'], dynamodb: opens },
      { eventName: ['MODIFY'], dynamodb: { ...opens, OldImage: { state: { S: [{ 'anything-but': ['open'] }] } } } },
    ]);
  });

  it('are claimed for longer than a function lives that sends them', () => {
    const functions = ['ExceptionNotices', 'OnCallWatch'].map((one) => named(prod, 'AWS::Lambda::Function', one)[0]);
    const lease = Number(functions[0]?.Properties['Environment'].Variables.NOTICE_LEASE_SECONDS);

    for (const fn of functions) expect(lease).toBeGreaterThan(fn?.Properties['Timeout']);
  });
});

describe('the watch', () => {
  const [deaf] = named(prod, 'AWS::CloudWatch::Alarm', 'OnCallWatchDeaf');

  it('runs once a minute, never twice at a time, and tells of itself once a day in prod alone', () => {
    const schedules = (resources: readonly TemplateResource[]) =>
      named(resources, 'AWS::Events::Rule', 'OnCallWatch').map(({ Properties }) => [
        Properties['ScheduleExpression'],
        Properties['Targets'][0].Input,
      ]);

    expect(schedules(prod).sort()).toEqual([
      ['cron(0 1 * * ? *)', '{"tellsHeartbeat":true}'],
      ['rate(1 minute)', undefined],
    ]);
    expect(schedules(resourcesOf('dev'))).toEqual([['rate(1 minute)', undefined]]);
    expect(named(prod, 'AWS::Lambda::Function', 'OnCallWatch')[0]?.Properties['Timeout']).toBeLessThan(60);
  });

  it('rings on both topics when its heartbeat does not come: no data is the alarm', () => {
    expect(deaf?.Properties).toMatchObject({
      Namespace: 'Warren',
      MetricName: 'OnCallHeartbeat',
      Dimensions: [{ Name: 'service', Value: 'on-call-watch' }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 300,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    });
    expect(new Set(deaf?.Properties['AlarmActions'].map((one: unknown) => JSON.stringify(one))).size).toBe(2);
  });
});

describe('who hears', () => {
  const emails = (resources: readonly TemplateResource[]) =>
    ofType(resources, 'AWS::SNS::Subscription')
      .filter(({ Properties }) => Properties['Protocol'] === 'email')
      .map(({ Properties }) => Properties['Endpoint']);

  it('is whom the context names, on a topic for each', () => {
    expect(emails(prod)).toEqual(['you@example.com', 'lead@example.com']);
    expect(ofType(prod, 'AWS::SNS::Topic')).toHaveLength(2);
  });

  it('of escalations is on-call itself, where nobody else is named', () => {
    const alone = resourcesOf('prod', { onCallEmail: 'you@example.com' });

    expect(ofType(alone, 'AWS::SNS::Topic')).toHaveLength(1);
    const { ON_CALL_TOPIC_ARN, ESCALATION_TOPIC_ARN } =
      named(alone, 'AWS::Lambda::Function', 'OnCallWatch')[0]?.Properties['Environment'].Variables ?? {};
    expect(ESCALATION_TOPIC_ARN).toEqual(ON_CALL_TOPIC_ARN);
  });
});

describe('the group chat', () => {
  it('hears by a queue with a dead-letter queue that rings, and reads one secret', () => {
    const [queue] = named(prod, 'AWS::SQS::Queue', 'OnCallWebhookQueue');
    const subscription = ofType(prod, 'AWS::SNS::Subscription').find(
      ({ Properties }) => Properties['Protocol'] === 'sqs',
    );

    expect(subscription?.Properties).toMatchObject({ Endpoint: { 'Fn::GetAtt': [queue?.logicalId, 'Arn'] } });
    expect(queue?.Properties['RedrivePolicy']).toMatchObject({ maxReceiveCount: 10 });
    expect(named(prod, 'AWS::CloudWatch::Alarm', 'OnCallWebhookDeadLetters')).toHaveLength(1);
    const secrets = allowedIn(prod).filter(({ Resource }) => Resource === webhookSecretArn);
    expect(secrets).toMatchObject([{ Action: 'secretsmanager:GetSecretValue' }]);
  });

  it('has time for a batch of requests that all time out', () => {
    const [fn] = named(prod, 'AWS::Lambda::Function', 'OnCallWebhook');
    const [mapping] = named(prod, 'AWS::Lambda::EventSourceMapping', 'OnCallWebhook');
    const longest =
      (mapping?.Properties['BatchSize'] * fn?.Properties['Environment'].Variables.WEBHOOK_TIMEOUT_MS) / 1000;

    expect(longest).toBeLessThan(fn?.Properties['Timeout']);
  });

  it('is not there unless somebody names it', () => {
    expect(named(resourcesOf('prod', { onCallWebhook: undefined }), 'AWS::Lambda::Function', 'OnCallWebhook')).toEqual(
      [],
    );
  });

  it.each([
    ['slack', 'https://hooks.slack.example/services/T/token'],
    ['teams', webhookSecretArn],
    ['wecom', webhookSecretArn.slice(0, -7)],
    ['wecom', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:*'],
  ])('is refused as %s:%s, and the value is not told', (kind, arn) => {
    expect(() => parseWebhook(`${kind}:${arn}`)).toThrow(OnCallWebhookError);
    expect(new OnCallWebhookError().message).not.toContain('token');
  });

  it('may be none', () => {
    expect(parseWebhook(undefined)).toBeUndefined();
    expect(parseWebhook(`feishu:${webhookSecretArn}`)).toEqual({ kind: 'feishu', secretArn: webhookSecretArn });
  });
});
