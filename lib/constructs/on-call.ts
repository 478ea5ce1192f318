import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface OnCallProps {
  /** Who hears of an alarm. Default: nobody; subscribe to the topic by hand. */
  readonly email?: string | undefined;
  /** As its messages name it. Default: `on call`. */
  readonly who?: string;
}

/** The topic every alarm goes to. */
export class OnCall extends Construct {
  readonly topic: Topic;
  private readonly action: IAlarmAction;

  constructor(scope: Construct, id: string, { email, who = 'on call' }: OnCallProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: `${Stack.of(this).stackName}: ${who}`, enforceSSL: true });
    this.admitAlarms();
    if (email !== undefined) {
      const subscription = this.topic.addSubscription(new EmailSubscription(email));
      Validations.of(subscription).acknowledge({
        id: 'Serverless::Serverless-SNSRedrivePolicy',
        reason:
          'A mail server that refuses a notice is seen by whoever expects it; a queue of undelivered mail is read by nobody.',
      });
    }
    this.action = new SnsAction(this.topic);
  }

  /** A topic with a policy of its own, which TLS-only is, has lost the default one that lets the account's alarms publish. */
  private admitAlarms(): void {
    const { account } = Stack.of(this);
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': alarms } },
      }),
    );
  }

  hearsOf(alarm: Alarm): void {
    alarm.addAlarmAction(this.action);
    alarm.addOkAction(this.action);
  }
}
