import { Template } from 'aws-cdk-lib/assertions';
import { OnCall } from '../../../lib/constructs/on-call.ts';
import { emptyStack, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

describe('on-call', () => {
  it('is a topic that takes alarms, nothing without TLS, and that nobody subscribes to by default', () => {
    const stack = emptyStack();
    new OnCall(stack, 'OnCall', {});

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'Test: on call' });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          // Without it no alarm could publish: a policy of one's own replaces the default one.
          { Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } },
        ],
      },
    });
    template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('is mailed when an address is given', () => {
    const stack = emptyStack();
    const { topic } = new OnCall(stack, 'OnCall', { email: 'night@example.com' });

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'night@example.com',
      TopicArn: stack.resolve(topic.topicArn),
    });
  });
});
