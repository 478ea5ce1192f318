import { type AppModel, queueIn } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { at, knownBoolean, knownNumber } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * A message in a dead-letter queue calls somebody. The metric must be ApproximateNumberOfMessagesVisible, because
 * NumberOfMessagesSent counts what producers send, not what a redrive policy moves.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const deadLetterAlarm = defineRule({
  id: 'Warren-DeadLetterAlarm',
  subjects: deadLetterQueuesWithAlarms,
  path: ({ queue }) => queue.path,
  refusals: [
    {
      condition: ({ alarms }) => alarms.length === 0,
      problem: () =>
        'no alarm watches ApproximateNumberOfMessagesVisible of this dead-letter queue (NumberOfMessagesSent does not count automatic moves)',
      fix: () => 'add an AWS/SQS ApproximateNumberOfMessagesVisible alarm with this QueueName and an alarm action',
    },
    {
      condition: ({ alarms }) => alarms.length > 0 && !alarms.some(tellsSomebody),
      problem: ({ alarms }) => `${pathsOf(alarms)} tells nobody: ${alarms.map(actionsOf).join('; ')}`,
      fix: () => 'give the alarm an action (the on-call topic) and leave ActionsEnabled on',
    },
    {
      condition: ({ alarms }) => alarms.length > 0 && !alarms.some(firesAtOneMessage),
      problem: ({ alarms }) => `${pathsOf(alarms)} stays silent at one message: ${alarms.map(thresholdOf).join('; ')}`,
      fix: () => 'use GreaterThanOrEqualToThreshold 1, or GreaterThanThreshold 0',
    },
  ],
});

function deadLetterQueuesWithAlarms(app: AppModel) {
  const watched = app.resources
    .ofType('AWS::CloudWatch::Alarm')
    .map((alarm) => ({ alarm, queue: watchedQueue(app, alarm) }));
  const alarmsOf = Map.groupBy(watched, ({ queue }) => queue);
  return [...app.deadLetterQueues].map((queue) => ({
    queue,
    alarms: (alarmsOf.get(queue) ?? []).map(({ alarm }) => alarm),
  }));
}

function watchedQueue({ resources }: AppModel, alarm: Resource): Resource | undefined {
  const metric = soleMetric(alarm);
  const watchesDepth =
    at(metric, 'Namespace')[0] === 'AWS/SQS' && at(metric, 'MetricName')[0] === 'ApproximateNumberOfMessagesVisible';
  const dimension = at(metric, 'Dimensions').find((candidate) => at(candidate, 'Name')[0] === 'QueueName');
  return watchesDepth ? queueIn(resources, at(dimension, 'Value')[0], alarm) : undefined;
}

/** CDK writes `Metrics` with one entry where account or region is given. Of metric math nobody can say when it fires: it does not count. */
function soleMetric({ properties }: Resource): unknown {
  const metrics = at(properties, 'Metrics');
  if (metrics.length === 0) return properties;
  return metrics.length === 1 ? at(metrics, 'MetricStat', 'Metric')[0] : undefined;
}

function tellsSomebody(alarm: Resource): boolean {
  return at(alarm.properties, 'AlarmActions').length > 0 && knownBoolean(alarm, 'ActionsEnabled', true);
}

function firesAtOneMessage(alarm: Resource): boolean {
  const threshold = knownNumber(alarm, 'Threshold');
  const operator = alarm.properties['ComparisonOperator'];
  return (
    (operator === 'GreaterThanThreshold' && threshold < 1) ||
    (operator === 'GreaterThanOrEqualToThreshold' && threshold <= 1)
  );
}

const pathsOf = (alarms: readonly Resource[]) => alarms.map(({ path }) => path).join(', ');
const actionsOf = (alarm: Resource) =>
  `${at(alarm.properties, 'AlarmActions').length} alarm actions, ActionsEnabled ${knownBoolean(alarm, 'ActionsEnabled', true)}`;
const thresholdOf = (alarm: Resource) => `${alarm.properties['ComparisonOperator']} ${knownNumber(alarm, 'Threshold')}`;
