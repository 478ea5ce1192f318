import { ofType, type TemplateResource } from './warren-app.ts';

/** The metrics that ring for the SQS queue of that name. */
export function alarmsOn(resources: readonly TemplateResource[], queueName: string): string[] {
  const queue = ofType(resources, 'AWS::SQS::Queue').find(({ Properties }) => Properties['QueueName'] === queueName);
  if (!queue) throw new Error(`there is no queue ${queueName}`);
  return ofType(resources, 'AWS::CloudWatch::Alarm')
    .filter(({ Properties }) => JSON.stringify(Properties['Dimensions']).includes(queue.logicalId))
    .map(({ Properties }) => Properties['MetricName']);
}
