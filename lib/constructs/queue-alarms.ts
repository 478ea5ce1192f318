import { Duration } from 'aws-cdk-lib';
import { marginOf, sweptAfter } from '../retention-margin.ts';
import { alarmAbove, depthAlarm } from './alarm-above.ts';
import { lateAlarm } from './late-alarm.ts';
import type { QueueWithDeadLetters, QueueWithDeadLettersProps } from './queue-with-dead-letters.ts';

/**
 * Messages that SQS lets be received and not yet deleted, of one queue. Of a FIFO queue it is 120,000 too, but in China's regions
 * (SQS, quotas-queues, quotas-fifo): the lower one holds everywhere.
 */
const mostInFlight = { standard: 120_000, fifo: 20_000 } as const;
const nearTheCap = 0.8;

/** What rings for a queue itself; its dead-letter queue rings for itself. They have names, so that a dashboard in another stack can show them. */
export function queueAlarms(
  source: QueueWithDeadLetters,
  { lateAfter, isConsumed = false, isWatched = false, onCall }: QueueWithDeadLettersProps,
): void {
  if (lateAfter) onCall.hearsOf(late(source, lateAfter));
  else for (const alarm of growOld(source)) onCall.hearsOf(alarm);
  if (isConsumed) onCall.hearsOf(inFlight(source));
  if (isWatched) onCall.hearsOf(watched(source));
}

function late(source: QueueWithDeadLetters, lateAfter: Duration) {
  return lateAlarm(source, source.queue, {
    name: `${source.plan.sqsName}-late`,
    lateAfter,
    impact: `Messages of ${nameOf(source)} wait for over ${lateAfter.toHumanString()}: nothing consumes them, or too slowly; shortly before SQS deletes them they become exceptions.`,
    runbook: '#messages-wait-too-long',
  });
}

/** Nobody minds how long its messages wait, until the sweep should have taken them. None where the retention stands for the TTL. */
function growOld(source: QueueWithDeadLetters) {
  const after = sweptAfter(source);
  if (!after) return [];
  const { retention } = source;
  const alarm = lateAlarm(
    source,
    source.queue,
    {
      name: `${source.plan.sqsName}-old`,
      lateAfter: after.plus(Duration.seconds(Math.floor(marginOf(retention).toSeconds() / 2))),
      impact: `Messages of ${nameOf(source)} are so old that SQS deletes them soon (after ${retention.toHumanString()}), and the retention sweep has not made exceptions of them: then they are gone.`,
      runbook: '#messages-grow-old',
    },
    'Old',
  );
  return [alarm];
}

function inFlight(source: QueueWithDeadLetters) {
  const cap = mostInFlight[source.plan.type];
  return alarmAbove(source, 'InFlight', {
    name: `${source.plan.sqsName}-in-flight`,
    metric: source.queue.metricApproximateNumberOfMessagesNotVisible({ statistic: 'Maximum' }),
    threshold: nearTheCap * cap,
    impact: `${nameOf(source)} has almost as many messages in flight as SQS allows (${cap.toLocaleString('en')}; those that wait for their next try count): beyond that it hands out none, without an error, and the queue stands still.`,
    runbook: '#too-many-messages-in-flight',
  });
}

function watched(source: QueueWithDeadLetters) {
  return depthAlarm(source, 'Depth', source.queue, {
    name: `${source.plan.sqsName}-depth`,
    impact: `Messages wait in ${nameOf(source)} for a person: nothing consumes it; shortly before SQS deletes them they become exceptions.`,
    runbook: '#messages-wait-for-a-person',
  });
}

function nameOf({ plan }: QueueWithDeadLetters): string {
  return `RabbitMQ queue ${plan.queue.name} (${plan.sqsName})`;
}
