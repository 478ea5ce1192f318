import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { enforceRules, rules, violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { consumerOf, l1, queueWithDlq, wellFormedApp } from './well-formed-app.ts';

describe('a synth that enforces the rules', () => {
  it('passes a well-formed app', () => {
    const { app } = wellFormedApp();
    enforceRules(app);

    expect(() => app.synth()).not.toThrow();
  });

  it('throws with every violation, its construct, the given value and the fix', () => {
    const { app, cfnQueue, cfnMapping } = wellFormedApp();
    enforceRules(app);

    cfnQueue.visibilityTimeout = 45;
    cfnMapping.functionResponseTypes = [];

    const synth = () => app.synth();
    expect(synth).toThrow(
      /Warren-VisibilityTimeout at Stateful\/Orders\/Resource: the visibility timeout is 45 s, .* Fix: set /,
    );
    expect(synth).toThrow(/Warren-BatchItemFailures at Stateless\/OrdersConsumer\/Mapping\/Resource: .* Fix: set /);
  });

  it('throws for a single stack that a template assertion asks for', () => {
    const { app, stateless, cfnQueue } = wellFormedApp();
    enforceRules(app);

    cfnQueue.visibilityTimeout = 45;

    expect(() => Template.fromStack(stateless)).toThrow('Warren-VisibilityTimeout');
  });

  it('lists what every rule refuses in an app made of the lowest constructs only', () => {
    const app = new App();
    const stack = new Stack(app, 'Bare');
    const dlq = new CfnResource(stack, 'Dlq', { type: 'AWS::SQS::Queue' });
    const queue = new CfnQueue(stack, 'Queue', {
      redrivePolicy: { deadLetterTargetArn: dlq.getAtt('Arn'), maxReceiveCount: 1 },
    });
    const fifo = { deadLetterTargetArn: dlq.getAtt('Arn'), maxReceiveCount: 5 };
    new CfnQueue(stack, 'Fifo', { fifoQueue: true, redrivePolicy: fifo });
    new CfnQueue(stack, 'Lonely');
    new CfnQueue(stack, 'Expiring', { tags: [{ key: 'rabbitmq:message-ttl', value: '999999999' }] });
    const fn = (id: string, extra: object) =>
      new CfnFunction(stack, id, { code: { zipFile: ' ' }, role: 'role', timeout: 30, ...extra });
    const mapping = (id: string, functionName: string, extra: object = {}) =>
      new CfnEventSourceMapping(stack, id, { eventSourceArn: queue.attrArn, functionName, ...extra });
    mapping('Unlimited', fn('Reserved', { reservedConcurrentExecutions: 2 }).ref);
    mapping('Greedy', fn('Small', { reservedConcurrentExecutions: 2 }).attrArn, {
      scalingConfig: { maximumConcurrency: 50 },
    });
    mapping(
      'Hourly',
      fn('Forgetful', {
        environment: { variables: { IDEMPOTENCY_TABLE: 't', IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '3600' } },
      }).ref,
    );
    const retries = { DELIVERY_LIMIT: '9', RETRY_MIN_SECONDS: '60', RETRY_MAX_SECONDS: '60', KEEP_AFTER_SECONDS: '60' };
    mapping('Patient', fn('Retrying', { environment: { variables: retries } }).ref);
    mapping('Foreign', 'elsewhere');
    const bucket = new CfnResource(stack, 'Bodies', { type: 'AWS::S3::Bucket' });
    fn('Publisher', { environment: { variables: { CLAIM_BUCKET: bucket.ref, MAX_BODY_BYTES: '1e9' } } });
    new CfnResource(stack, 'Role', {
      type: 'AWS::IAM::Policy',
      properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['sqs:*'], Resource: '*' }] } },
    });

    const refused = new Set(violationsIn(app).map(({ rule }) => rule));

    expect([...refused].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it('judges a nested stack with its parent, before and after synth has turned references into parameters', () => {
    const { app, stateful, stateless } = wellFormedApp();
    const { queue } = queueWithDlq(new NestedStack(stateful, 'Queues'), 'Nested');
    consumerOf(new NestedStack(stateless, 'Functions'), 'Nested', queue);
    expect(violationsIn(app)).toEqual([]);

    l1(queue, CfnQueue.isCfnQueue).visibilityTimeout = 179;

    const refused = {
      rule: 'Warren-VisibilityTimeout',
      path: 'Stateful/Queues/Nested/Resource',
      problem: expect.stringContaining('Stateless/Functions/NestedConsumer/Resource (timeout 20 s'),
    };
    expect(violationsIn(app)).toMatchObject([refused]);
    app.synth();
    expect(violationsIn(app)).toMatchObject([refused]);
  });
});
