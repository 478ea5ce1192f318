import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { grantPublish, grantReadDepth } from '../../../lib/constructs/grant-publish.ts';
import { queue } from '../../unit/rabbitmq/topology-builders.ts';
import { givenFunction } from '../support/givens.ts';
import { allowedIn, emptyStack, ofType, resourcesIn, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

/** IAM, quotas: characters of a policy, white space not counted. */
const limits = { 'AWS::IAM::ManagedPolicy': 6_144, 'AWS::IAM::Policy': 10_240 } as const;
/** As long as they get: `Ref`s of the longest partition, region and account. */
const longest: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-99',
  'AWS::AccountId': '123456789012',
};

describe('the grant to publish', () => {
  it.each([
    [1, 'q'],
    [40, 'payments.settlement.commands.retry.with.a.name.that.fills.what.sqs.takes'],
    [64, 'payments.settlement.commands.retry'],
    [74, 'payments.settlement.commands.retry.of.a.long.name'],
    [80, 'short'],
    [1_000, 'short'],
  ])('to %i queues like %s fits into a policy that AWS takes', (count, name) => {
    const stack = emptyStack();
    const fn = new LambdaFunction(stack, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
    });

    grantPublish(
      fn,
      Array.from({ length: count }, (_, at) => queue(`${name}${at}`)),
      'warren-prod',
    );

    const policies = ofType(resourcesIn(Template.fromStack(stack)), ...Object.keys(limits));
    expect(policies.length).toBeGreaterThan(0);
    for (const { Type, Properties } of policies) {
      const most = Object.entries(limits).find(([type]) => type === Type)?.[1] ?? 0;
      expect(JSON.stringify(rendered(Properties['PolicyDocument'])).length).toBeLessThan(most);
    }
  });
});

describe('the grant to read depths', () => {
  it('is for the queues alone that refuse what is over their length', () => {
    const stack = emptyStack();
    const fn = givenFunction(stack).fn;
    const full = { type: 'classic', maxLength: 9 } as const;

    grantReadDepth(
      fn,
      [
        queue('refuses', { ...full, overflow: 'reject-publish' }),
        queue('dead-letters', { ...full, overflow: 'reject-publish-dlx' }),
        queue('drops', { ...full, overflow: 'drop-head' }),
        queue('quorum', { ...full, type: 'quorum', overflow: 'reject-publish-dlx' }),
        queue('delay', { ...full, overflow: 'reject-publish', delayQueue: true }),
        queue('unlimited', { overflow: 'reject-publish' }),
      ],
      'shop-test',
    );

    const granted = allowedIn(resourcesIn(Template.fromStack(stack))).filter(
      ({ Action }) => Action === 'sqs:GetQueueAttributes',
    );
    expect(granted).toHaveLength(1);
    const arns = rendered(granted[0]?.Resource);
    expect(arns).toEqual(
      ['shop-test-dead-letters', 'shop-test-refuses'].map((name) => expect.stringMatching(`:${name}$`)),
    );
  });

  it('is not given where no queue refuses', () => {
    const stack = emptyStack();
    grantReadDepth(givenFunction(stack).fn, [queue('q')], 'shop-test');

    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('GetQueueAttributes');
  });
});

/** Joins and references as the text they become. */
function rendered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rendered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, inner] = ['', undefined]] = entries;
  if (key === 'Ref') return longest[String(inner)] ?? String(inner);
  if (key === 'Fn::Join' && Array.isArray(inner)) return inner[1].map(rendered).join(inner[0]);
  return Object.fromEntries(entries.map(([name, one]) => [name, rendered(one)]));
}
