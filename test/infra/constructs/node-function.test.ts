import { Match, Template } from 'aws-cdk-lib/assertions';
import { givenFunction } from '../support/givens.ts';
import { allowedIn, emptyStack, ofType, resourcesIn, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

describe('a function', () => {
  it('runs on Node 24 on arm64, as large and as long as it was asked for', () => {
    const stack = emptyStack();
    givenFunction(stack);

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 384,
      Timeout: 11,
      TracingConfig: Match.absent(),
    });
  });

  it('logs JSON into its own group, which forgets after a while', () => {
    const stack = emptyStack();
    givenFunction(stack);

    const template = Template.fromStack(stack);
    const [group, ...others] = ofType(resourcesIn(template), 'AWS::Logs::LogGroup');
    expect(others).toEqual([]);
    expect(group).toMatchObject({ DeletionPolicy: 'Delete', Properties: { RetentionInDays: 14 } });
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: {
        LogFormat: 'JSON',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'INFO',
        LogGroup: { Ref: group?.logicalId },
      },
    });
  });

  it('gets the environment of its caller, and what every function needs', () => {
    const stack = emptyStack();
    givenFunction(stack, { QUEUE_NAME_PREFIX: 'shop-test', ANOTHER: 'value' });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.exact({
          QUEUE_NAME_PREFIX: 'shop-test',
          ANOTHER: 'value',
          NODE_OPTIONS: '--enable-source-maps',
          POWERTOOLS_SERVICE_NAME: 'publish',
          POWERTOOLS_METRICS_NAMESPACE: 'Warren',
        }),
      },
    });
  });

  it('may write into its own log group and nothing else', () => {
    const stack = emptyStack();
    givenFunction(stack);

    const resources = resourcesIn(Template.fromStack(stack));
    const [group] = ofType(resources, 'AWS::Logs::LogGroup');
    expect(allowedIn(resources)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [group?.logicalId, 'Arn'] },
      },
    ]);
    for (const { Properties } of ofType(resources, 'AWS::IAM::Role')) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(Properties).not.toHaveProperty('Policies');
    }
  });
});
