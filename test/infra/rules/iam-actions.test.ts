import { CfnParameter } from 'aws-cdk-lib';
import {
  CfnManagedPolicy,
  CfnPolicy,
  CfnRole,
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { wellFormedApp } from './well-formed-app.ts';

const allow = (...actions: string[]) => new PolicyStatement({ actions, resources: ['*'] });
const assumedBy = new ServicePrincipal('lambda.amazonaws.com');

describe('an IAM policy', () => {
  it('is refused when an action it allows is a wildcard', () => {
    const { app, fn } = wellFormedApp();

    fn.addToRolePolicy(allow('dynamodb:*', 'dynamodb:GetItem', 'sqs:Receive*'));

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-IamActions',
        path: 'Stateless/OrdersConsumer/ServiceRole/DefaultPolicy/Resource',
        problem: 'it allows dynamodb:*, sqs:Receive*',
        fix: expect.stringContaining('name each action the function calls'),
      },
    ]);
  });

  it('is refused when it allows everything but a list', () => {
    const { app, fn } = wellFormedApp();

    fn.addToRolePolicy(new PolicyStatement({ notActions: ['iam:CreateUser'], resources: ['*'] }));

    expect(violationsIn(app)).toMatchObject([
      { rule: 'Warren-IamActions', problem: 'it allows everything except a NotAction list' },
    ]);
  });

  it('is seen inline in a role, in a managed policy, and in their L1 forms', () => {
    const { app, stateless } = wellFormedApp();
    const document = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

    new Role(stateless, 'InlineL2', {
      assumedBy,
      inlinePolicies: { all: new PolicyDocument({ statements: [allow('*')] }) },
    });
    new CfnRole(stateless, 'InlineL1', {
      assumeRolePolicyDocument: {},
      policies: [{ policyName: 'all', policyDocument: document }],
    });
    new ManagedPolicy(stateless, 'ManagedL2', { statements: [allow('*')] });
    new CfnManagedPolicy(stateless, 'ManagedL1', { policyDocument: document });
    new CfnPolicy(stateless, 'PolicyL1', { policyName: 'all', policyDocument: document });

    const refused = violationsIn(app);
    expect(refused.map(({ path }) => path).sort()).toEqual([
      'Stateless/InlineL1',
      'Stateless/InlineL2/Resource',
      'Stateless/ManagedL1',
      'Stateless/ManagedL2/Resource',
      'Stateless/PolicyL1',
    ]);
    expect(new Set(refused.map(({ problem }) => problem))).toEqual(new Set(['it allows *']));
  });

  it('may use wildcards to deny, and those that CDK grants a key with', () => {
    const { app, stateful, fn } = wellFormedApp();

    fn.addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['s3:*'], resources: ['*'] }));
    new Key(stateful, 'Key').grantEncryptDecrypt(fn);

    expect(violationsIn(app)).toEqual([]);
  });

  it('is refused when only a deployment knows its actions', () => {
    const { app, stateless, fn } = wellFormedApp();

    fn.addToRolePolicy(allow(`s3:${new CfnParameter(stateless, 'Action').valueAsString}`));

    expect(violationsIn(app)).toMatchObject([
      {
        path: 'Stateless/OrdersConsumer/ServiceRole/DefaultPolicy/Resource',
        problem: expect.stringMatching(/^Action of .* is not known at synth: .*Stateless\/Action/),
      },
    ]);
  });
});
