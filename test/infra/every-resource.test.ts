import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configs } from '../../lib/config.ts';
import { isConsumed } from '../../lib/consumers.ts';
import { violationsIn } from '../../lib/rules/enforce-rules.ts';
import { stages } from '../../lib/stages.ts';
import { analyse } from '../../rabbitmq/analyse.ts';
import { deadLetterQueueName, sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { onlyWhereATableMoves } from './support/a-table-that-moves.ts';
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

/** Asked for by every broker, given where an exchange is partitioned. */
const onlyWherePartitioned = 'PARTITIONS_TABLE';

const repository = path.join(import.meta.dirname, '../..');
const definitions = readFileSync(path.join(repository, 'topology/definitions.json'), 'utf8');
const declared = z
  .object({ queues: z.array(z.object({ vhost: z.string().default('/'), name: z.string() })).default([]) })
  .parse(JSON.parse(definitions)).queues;
// A delay queue is not created.
const delays = analyse(definitions, { isConsumed }).plan.topology.queues.filter(({ delayQueue }) => delayQueue);
const declaredQueues = declared.filter(
  ({ vhost, name }) => !delays.some((delay) => delay.vhost === vhost && delay.name === name),
);

describe.each(stages)('every resource of stage %s', (stage) => {
  const app = warrenApp(stage);
  const stacks = synthesise(app);
  const resources = stacks.flatMap(({ template }) => resourcesIn(template));
  const queues = ofType(resources, 'AWS::SQS::Queue');
  const functions = ofType(resources, 'AWS::Lambda::Function');

  it('keeps the rules that synth refuses by', () => {
    expect(violationsIn(app)).toEqual([]);
  });

  it('logs into a group with retention, if it is a function', () => {
    const retained = ofType(resources, 'AWS::Logs::LogGroup').filter(
      ({ Properties }) => Properties['RetentionInDays'] > 0,
    );
    const groups = retained.map(({ logicalId }) => ({ Ref: logicalId }));

    expect(functions.length).toBeGreaterThan(0);
    for (const { Properties } of functions) expect(groups).toContainEqual(Properties['LoggingConfig'].LogGroup);
  });

  it('is kept for ever by no log group', () => {
    const retentions = ofType(resources, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties['RetentionInDays']);

    expect(new Set(retentions)).toEqual(new Set([configs[stage].logRetention]));
  });

  it('is on demand with point-in-time recovery, and named by an output, if it is a table', () => {
    const tables = ofType(resources, 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table');
    const outputs = stacks.flatMap(({ template }) => Object.entries(template.findOutputs('*')));
    const named = outputs.filter(([name]) => name.endsWith('Table')).map(([, { Value }]) => Value);

    expect(tables.length).toBeGreaterThan(0);
    expect(named).toEqual(tables.map(({ logicalId }) => ({ Ref: logicalId })));
    for (const { Properties } of tables) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
      });
    }
  });

  it('has a name of CloudFormation’s choice, unless policies or people must name it: the topology’s queues, the schedules’ group, the dashboard, operators’ policies', () => {
    const named = resources.flatMap(literalNames).sort();

    const policies = [
      'read-only',
      'operator',
      // worked example
      'refunds',
    ].map((kind) => `warren-${stage}-${kind}`);
    const topology = declaredQueues.map((queue) => sqsQueueName(`warren-${stage}`, queue));
    expect(named).toEqual(
      [
        ...topology,
        ...topology.map(deadLetterQueueName),
        ...['group', 'dashboard'].map(() => `warren-${stage}`),
        ...policies,
      ].sort(),
    );
  });

  it('includes each queue of definitions.json, with a dead-letter queue of its own', () => {
    const named = new Map(queues.map((queue) => [queue.Properties['QueueName'], queue]));
    const targets = declaredQueues.map((queue) => {
      const name = sqsQueueName(`warren-${stage}`, queue);
      const deadLetterQueue = named.get(deadLetterQueueName(name));
      expect(named.get(name)?.Properties['RedrivePolicy']).toEqual({
        deadLetterTargetArn: { 'Fn::GetAtt': [deadLetterQueue?.logicalId, 'Arn'] },
        maxReceiveCount: expect.any(Number),
      });
      return deadLetterQueue;
    });

    expect(new Set(targets).size).toBe(declaredQueues.length);
  });

  it('may touch only what it names: no wildcard in any role, but for schedules and bodies, whose names are their messages’, metrics, which have none, and mappings, which are those of a function', () => {
    const named = (action: unknown, resource: unknown, condition: unknown) =>
      action === 'lambda:ListEventSourceMappings' ||
      (action === 'lambda:UpdateEventSourceMapping' &&
        /^\{"ArnEquals":\{"lambda:FunctionArn":\[\{/.test(JSON.stringify(condition))) ||
      (action === 'scheduler:CreateSchedule' && JSON.stringify(resource).includes(`:schedule/warren-${stage}/*"`)) ||
      (action === 'cloudwatch:GetMetricData' && resource === '*') ||
      (/^(s3:GetObject,)?s3:PutObject$/.test(String(action)) &&
        JSON.stringify(resource).includes(`:s3:::warren-${stage}-bodies-`));
    const statements = allowedIn(resources).filter(
      ({ Action, Resource, Condition }) => !named(Action, Resource, Condition),
    );

    expect(statements.length).toBeGreaterThanOrEqual(functions.length);
    expect(statements.filter(({ Action, Resource }) => JSON.stringify([Action, Resource]).includes('*'))).toEqual([]);
    for (const { Properties } of ofType(resources, 'AWS::IAM::Role'))
      expect(Properties['ManagedPolicyArns']).toBeUndefined();
  });

  it('takes its environment from its own env.ts, if it is a function: all of it and nothing else', async () => {
    const folders = readdirSync(path.join(repository, 'lambdas')).filter((folder) =>
      existsSync(path.join(repository, 'lambdas', folder, 'index.ts')),
    );
    expect(functions.map(folderOf).sort()).toEqual(folders.filter((one) => !onlyWhereATableMoves.includes(one)).sort());

    for (const fn of functions) {
      const { envSchema } = await import(`../../lambdas/${folderOf(fn)}/env.ts`);
      const { NODE_OPTIONS, POWERTOOLS_SERVICE_NAME: _, POWERTOOLS_METRICS_NAMESPACE, ...own } = environmentOf(fn);
      expect({ NODE_OPTIONS, POWERTOOLS_METRICS_NAMESPACE }).toEqual({
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_METRICS_NAMESPACE: 'Warren',
      });
      expect(Object.keys(own).sort()).toEqual(
        Object.keys(envSchema.shape)
          .filter((name) => name !== onlyWherePartitioned)
          .sort(),
      );
      expect(envSchema.safeParse(own)).toMatchObject({ success: true });
    }
  });

  it(`is protected against loss: ${configs[stage].protectData}`, () => {
    const { protectData } = configs[stage];
    const policies = protectData
      ? { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }
      : { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' };

    const holdMessages = ['AWS::SQS::Queue', 'AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket'];
    const kept = ofType(resources, ...holdMessages, 'AWS::SecretsManager::Secret');
    expect(kept.map(({ Type }) => Type)).toEqual(expect.arrayContaining(holdMessages));
    for (const resource of kept) expect(resource).toMatchObject(policies);
    for (const { Properties } of ofType(kept, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties).toMatchObject({ Replicas: [{ DeletionProtectionEnabled: protectData }] });
    }
    const protectedStacks = stacks.filter(({ terminationProtection }) => terminationProtection).map(({ name }) => name);
    const withData = stacks.map(({ name }) => name).filter((name) => name !== `warren-${stage}-stateless`);
    expect(protectedStacks).toEqual(protectData ? withData : []);
  });
});

describe('prod', () => {
  it('is the only stage whose data is protected', () => {
    expect(stages.filter((stage) => configs[stage].protectData)).toEqual(['prod']);
  });
});

/** Names of ours: literal ones, apart from those that name no resource (a metric, a display name), that CDK must generate, or that are a queue's alarm's. */
function literalNames({ Type, Properties }: TemplateResource): string[] {
  const harmless = ['AlarmName', 'MetricName', 'DisplayName', 'StageName', 'PolicyName'];
  if (Type === 'AWS::ApiGatewayV2::Api') harmless.push('Name');
  return Object.entries(Properties)
    .filter(
      ([property, value]) => property.endsWith('Name') && !harmless.includes(property) && typeof value === 'string',
    )
    .map(([, value]) => value);
}
