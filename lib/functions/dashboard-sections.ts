import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import type { NodeFunction } from '../constructs/node-function.ts';
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

/** Whoever reads queues, by its folder in `lambdas/`. */
export interface ShownConsumer {
  readonly folder: string;
  readonly sources: readonly { readonly plan: { readonly queue: { readonly name: string } } }[];
}

/** What consumers did: by outcome each, of several queues by queue, and their effects together. */
export function consumerSections(consumers: readonly ShownConsumer[]): DashboardSection[] {
  const read = consumers.flatMap(({ folder, sources }) =>
    sources.map(({ plan: { queue } }) => ({
      folder,
      queue: queue.name,
      title: sources.length > 1 ? `${folder}, ${queue.name}` : folder,
    })),
  );
  const handled = ({ folder, queue }: (typeof read)[number], values: readonly string[]) =>
    countLines({
      service: folder,
      metric: 'MessagesHandled',
      of: { queue },
      by: { dimension: 'outcome', values },
    });
  if (read.length === 0) return [];
  const effects = read.flatMap((one) => named(one.title, handled(one, ['ack', 'duplicate'])));
  return [
    section('What became of messages, by consumer', [
      ...read.map((one) => countGraph(`${one.title}: messages, by outcome`, handled(one, handledOutcomes))),
    ]),
    section('Effects', [
      countGraph('Messages with an effect (ack), and repeats that had theirs before (duplicate)', effects),
      countGraph(
        'Minutes with an open circuit, by queue',
        countLines({
          service: 'circuit-breaker',
          metric: 'CircuitOpen',
          by: { dimension: 'queue', values: read.map(({ queue }) => queue) },
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
