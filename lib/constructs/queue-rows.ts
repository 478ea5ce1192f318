import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IMetric, type IWidget, Metric, Stats, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { QueuePlan } from '../../rabbitmq/plan/plan-topology.ts';
import { labelOf } from '../../rabbitmq/plan/queue-label.ts';

/** What a row shows: a queue, and the dead-letter queue behind it, by their names in SQS. */
export interface QueueRow {
  readonly title: string;
  readonly queueName: string;
  readonly deadLetterName?: string | undefined;
}

const [columns, height] = [4, 5];
const width = 24 / columns;

/** Depth, age, rates and dead letters of one queue. */
export function queueRow({ title, queueName, deadLetterName }: QueueRow): IWidget[] {
  const metric = (metricName: string, label: string, statistic: string) =>
    sqsMetric(queueName, { metricName, label, statistic });
  const deadLetters = deadLetterName
    ? graph(`${title}: dead letters`, [sqsMetric(deadLetterName, { ...visible, label: 'dead letters' })])
    : new TextWidget({ markdown: `${title} has no dead-letter queue: it is one, or needs none.`, width, height });
  return [
    graph(`${title}: messages`, [
      metric(visible.metricName, 'wait', Stats.MAXIMUM),
      metric('ApproximateNumberOfMessagesNotVisible', 'in flight', Stats.MAXIMUM),
      metric('ApproximateNumberOfMessagesDelayed', 'delayed', Stats.MAXIMUM),
    ]),
    graph(`${title}: age of the oldest, in seconds`, [
      metric('ApproximateAgeOfOldestMessage', 'oldest', Stats.MAXIMUM),
    ]),
    graph(`${title}: a minute`, [
      metric('NumberOfMessagesSent', 'sent', Stats.SUM),
      metric('NumberOfMessagesDeleted', 'deleted', Stats.SUM),
    ]),
    deadLetters,
  ];
}

/** Of a RabbitMQ queue. */
export function rowOfPlan({ queue, sqsName, deadLetterSqsName }: QueuePlan): QueueRow {
  return { title: labelOf(queue), queueName: sqsName, deadLetterName: deadLetterSqsName };
}

/** Of queues that are no RabbitMQ queue's: each source with its dead-letter queue, and dead-letter queues of something else by themselves. */
export function rowsOf(queues: readonly Queue[]): QueueRow[] {
  const served = new Set(queues.map(({ deadLetterQueue }) => deadLetterQueue?.queue));
  return queues
    .filter((queue) => !served.has(queue))
    .map((queue) => ({
      title: queue.node.path.split('/').slice(1, -1).join(' '),
      queueName: queue.queueName,
      deadLetterName: queue.deadLetterQueue?.queue.queueName,
    }));
}

const visible = { metricName: 'ApproximateNumberOfMessagesVisible', statistic: Stats.MAXIMUM } as const;

function sqsMetric(
  QueueName: string,
  props: { readonly metricName: string; readonly label: string; readonly statistic: string },
): Metric {
  return new Metric({ namespace: 'AWS/SQS', dimensionsMap: { QueueName }, period: Duration.minutes(1), ...props });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width, height, leftYAxis: { min: 0, showUnits: false } });
}
