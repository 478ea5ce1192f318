/**
 * How many messages one core routes in a second, beside a matcher that asks every binding:
 *
 *   npm run bench:routing [-- --json] [-- --time <milliseconds per row>]
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { seededRandom } from '../bin/warren/random.ts';
import { createRouter, type RoutedMessage } from '../rabbitmq/routing/router.ts';
import { createLinearRouter } from './linear-router.ts';
import {
  chainWorkload,
  directWorkload,
  headersWorkload,
  manyHashesWorkload,
  topicWorkload,
  type Workload,
} from './workloads.ts';

interface Row {
  readonly workload: string;
  /** Messages a second, and the relative margin of error in percent. */
  readonly router: Rate;
  readonly linear: Rate | null;
}

interface Rate {
  readonly messagesPerSecond: number;
  readonly marginPercent: number;
}

type Route = (message: RoutedMessage) => readonly string[];

const { values } = parseArgs({ options: { json: { type: 'boolean' }, time: { type: 'string', default: '500' } } });
const sizes = [10, 100, 1_000, 10_000];
const workloads = [
  directWorkload(670),
  headersWorkload(200),
  chainWorkload(),
  manyHashesWorkload(),
  ...sizes.map(directWorkload),
  ...sizes.map(topicWorkload),
];

const rows: Row[] = [];
for (const workload of workloads) rows.push(await measure(workload));
if (values.json) console.log(JSON.stringify(rows, undefined, 2));
else console.table(rows.map(tableRow));

async function measure({ name, topology, messages, routerOnly = false }: Workload): Promise<Row> {
  const router = createRouter(topology, { random: seededRandom(4) });
  const linear = createLinearRouter(topology);
  const few = messages.slice(0, 20);
  if (!routerOnly) assert.deepEqual(few.map(router.route), few.map(linear));
  return {
    workload: name,
    router: await rate(router.route, messages),
    // A few messages a round: one may take milliseconds.
    linear: routerOnly ? null : await rate(linear, few),
  };
}

async function rate(route: Route, messages: readonly RoutedMessage[]): Promise<Rate> {
  const bench = new Bench({ time: Number(values.time) });
  bench.add('route', () => {
    for (const message of messages) route(message);
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`not measured: ${task?.result.state}`);
  const { mean, rme } = task.result.throughput;
  return { messagesPerSecond: Math.round(mean * messages.length), marginPercent: Number(rme.toFixed(1)) };
}

function tableRow({ workload, router, linear }: Row): Readonly<Record<string, string>> {
  return {
    workload,
    'router, messages/s': formatted(router),
    'asking every binding': linear ? formatted(linear) : 'does not end',
    factor: linear ? (router.messagesPerSecond / linear.messagesPerSecond).toFixed(1) : '',
  };
}

function formatted({ messagesPerSecond, marginPercent }: Rate): string {
  return `${messagesPerSecond.toLocaleString('en')} ±${marginPercent}%`;
}
