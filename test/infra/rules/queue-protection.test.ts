import { CfnParameter } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { wellFormedApp } from './well-formed-app.ts';

describe('the encryption of a queue', () => {
  const refusal = {
    rule: 'Warren-QueueEncryption',
    path: 'Stateful/OrdersDlq/Resource',
    problem: 'SqsManagedSseEnabled is not set and KmsMasterKeyId is not set',
    fix: 'set SqsManagedSseEnabled to true (QueueEncryption.SQS_MANAGED), or a KmsMasterKeyId',
  };

  it('is required of dead-letter queues too', () => {
    const { app, cfnDeadLetterQueue } = wellFormedApp();

    cfnDeadLetterQueue.sqsManagedSseEnabled = undefined;

    expect(violationsIn(app)).toEqual([refusal]);
  });

  it('must not be switched off', () => {
    const { app, cfnDeadLetterQueue } = wellFormedApp();

    cfnDeadLetterQueue.sqsManagedSseEnabled = false;

    expect(violationsIn(app)).toEqual([
      { ...refusal, problem: 'SqsManagedSseEnabled is false and KmsMasterKeyId is not set' },
    ]);
  });

  it('may use a key, even one that only a deployment knows', () => {
    const { app, stateful, cfnDeadLetterQueue } = wellFormedApp();

    cfnDeadLetterQueue.sqsManagedSseEnabled = undefined;
    cfnDeadLetterQueue.kmsMasterKeyId = new CfnParameter(stateful, 'Key').valueAsString;

    expect(violationsIn(app)).toEqual([]);
  });
});

describe('TLS to a queue', () => {
  const refusal = {
    rule: 'Warren-QueueTls',
    path: 'Stateful/Orders/Resource',
    problem: 'no queue policy denies sqs:* to everybody when aws:SecureTransport is false',
    fix: 'set enforceSSL: true, or add that Deny statement to the queue policy',
  };

  it('is required of every queue', () => {
    const { app, queue } = wellFormedApp();

    queue.node.tryRemoveChild('Policy');

    expect(violationsIn(app)).toEqual([refusal]);
  });

  it('is not had by a policy on another queue', () => {
    const { app, deadLetterQueue, cfnQueuePolicy } = wellFormedApp();

    cfnQueuePolicy.queues = [deadLetterQueue.queueUrl];

    expect(violationsIn(app)).toEqual([refusal]);
  });

  const denial = {
    effect: Effect.DENY,
    principals: [new StarPrincipal()],
    actions: ['sqs:*'],
    resources: ['*'],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  };

  it.each([
    ['allows', { effect: Effect.ALLOW }],
    ['denies some actions only', { actions: ['sqs:SendMessage'] }],
    ['denies everything', { conditions: {} }],
    ['denies what is TLS', { conditions: { Bool: { 'aws:SecureTransport': 'true' } } }],
  ])('is not had by a statement that %s', (_, change) => {
    const { app, cfnQueuePolicy } = wellFormedApp();

    cfnQueuePolicy.policyDocument = new PolicyDocument({ statements: [new PolicyStatement({ ...denial, ...change })] });

    expect(violationsIn(app)).toEqual([refusal]);
  });

  it('is not had by a statement about one account', () => {
    const { app, cfnQueuePolicy } = wellFormedApp();

    cfnQueuePolicy.policyDocument = {
      Statement: {
        Effect: 'Deny',
        Principal: { AWS: '111122223333' },
        Action: 'sqs:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    };

    expect(violationsIn(app)).toEqual([refusal]);
  });

  it('passes with a statement written by hand', () => {
    const { app, cfnQueuePolicy } = wellFormedApp();

    cfnQueuePolicy.policyDocument = {
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': false } },
      },
    };

    expect(violationsIn(app)).toEqual([]);
  });
});
