import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import type { NodeFunction } from '../constructs/node-function.ts';
import type { QueueConsumer } from '../constructs/queue-consumer.ts';
import type { DashboardSection } from '../constructs/stage-dashboard.ts';

/** What a consumer says became of a message (`MessagesHandled`). A test holds that these are all. */
export const handledOutcomes: readonly string[] = [
  'ack',
  'duplicate',
  'retry',
  'postponed',
  'held',
  'anew',
  'behind',
  'lost',
  'retention',
  'rejected',
  'expired',
  'delivery_limit',
];

const confirms = ['ack', 'nack', 'unknown'];

/** Functions besides consumers that open exceptions. */
const openers = [
  'dead-letters',
  'outbox-relay',
  'outbox-sweep',
  'retention-sweep',
  // worked example
  'daily-bill',
  // worked example
  'compare-books',
];

/** Functions that follow the stream of a table. */
const followers = [
  'outbox-relay',
  'exception-notices',
  // worked example
  'ledger-balance',
];

/** What consumers did: by outcome each, and their effects together. */
export function consumerSections(consumers: readonly QueueConsumer[]): DashboardSection[] {
  const handled = (consumer: QueueConsumer, values: readonly string[]) =>
    countLines({
      service: consumer.folder,
      metric: 'MessagesHandled',
      of: { queue: consumer.source.plan.queue.name },
      by: { dimension: 'outcome', values },
    });
  if (consumers.length === 0) return [];
  const effects = consumers.flatMap((one) => named(one.folder, handled(one, ['ack', 'duplicate'])));
  return [
    section('What became of messages, by consumer', [
      ...consumers.map((one) => countGraph(`${one.folder}: messages, by outcome`, handled(one, handledOutcomes))),
    ]),
    section('Effects', [
      countGraph('Messages with an effect (ack), and repeats that had theirs before (duplicate)', effects),
      countGraph(
        'Minutes with an open circuit, by queue',
        countLines({
          service: 'circuit-breaker',
          metric: 'CircuitOpen',
          by: { dimension: 'queue', values: consumers.map(({ source }) => source.plan.queue.name) },
        }),
      ),
    ]),
  ];
}

/** What the functions count that are there whatever the topology. */
export function ownSections(functions: readonly NodeFunction[], consumers: readonly string[]): DashboardSection[] {
  const folders = functions.map(({ folder }) => folder);
  const of = (...wanted: readonly string[]) => wanted.filter((one) => folders.includes(one));
  const each = (services: readonly string[], metric: string, dimension: string, values: readonly string[]) =>
    services.flatMap((service) => named(service, countLines({ service, metric, by: { dimension, values } })));
  const total = (services: readonly string[], metric: string) =>
    services.flatMap((service) => countLines({ service, metric }));

  const relay = functions.filter(({ folder }) => followers.includes(folder));
  return [
    section('Exceptions', [
      countGraph('Opened, by function', total([...consumers, ...of(...openers)], 'ExceptionsOpened')),
      countGraph('Replayed, by outcome', each(of('replay'), 'ExceptionsReplayed', 'outcome', replayed)),
      countGraph('What on-call was told', [
        ...each(of('exception-notices', 'on-call-watch'), 'Notices', 'kind', ['notice', 'escalation']),
        ...total(of('on-call-watch'), 'OnCallHeartbeat'),
      ]),
      countGraph('Messages that no try finished', total(of('dead-letters'), 'MessagesNeverFinished')),
    ]),
    section('Outbox, and other streams', [
      countGraph('Age of what streams tell, in milliseconds', relay.map(iteratorAge)),
      countGraph('Rows, by outcome', [
        ...each(of('outbox-relay'), 'OutboxRows', 'outcome', ['relayed', 'exception', 'left', 'waits']),
        ...each(of('outbox-sweep'), 'OutboxRows', 'outcome', ['relayed', 'exception', 'left']),
      ]),
      countGraph('Overdue rows', total(of('outbox-sweep'), 'OutboxRowsOverdue')),
    ]),
    section('Publishing', [
      countGraph('Messages, by confirm', each(of('publish', 'publish-http'), 'MessagesPublished', 'confirm', confirms)),
      countGraph(
        'Delayed messages that were due, by outcome',
        each(of('delayed-publish'), 'DelayedMessages', 'outcome', [...confirms, 'unroutable']),
      ),
    ]),
    section('Functions', [
      countGraph(
        'Errors',
        functions.map(({ fn, folder }) => fn.metricErrors({ ...often, label: folder })),
      ),
      countGraph(
        'Throttles',
        functions.map(({ fn, folder }) => fn.metricThrottles({ ...often, label: folder })),
      ),
      countGraph(
        'Running at once',
        functions.map(({ fn, folder }) => fn.metric('ConcurrentExecutions', { ...most, label: folder })),
      ),
    ]),
  ];
}

const replayed = ['sent', 'done', 'changed', 'gone', 'failed'];
const often = { period: Duration.minutes(5) };
const most = { period: Duration.minutes(1), statistic: 'Maximum' };

function iteratorAge({ fn, folder }: NodeFunction): IMetric {
  return fn.metric('IteratorAge', { ...most, label: folder });
}

/** Lines of several functions in one graph. */
function named(service: string, lines: ReturnType<typeof countLines>): IMetric[] {
  return lines.map((line) => line.with({ label: `${service} ${line.label}` }));
}
