/**
 * How long definitions take from bytes to a router, beside parsing them as JSON and nothing else:
 *
 *   npm run bench:loading [-- --json] [-- --file <definitions.json> …]
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { analyse } from '../rabbitmq/analyse.ts';
import { createRouter } from '../rabbitmq/routing/router.ts';

interface Row {
  readonly definitions: string;
  readonly kilobytes: number;
  readonly queues: number;
  readonly bindings: number;
  /** Milliseconds, the median. */
  readonly jsonParse: number;
  readonly analyse: number;
  readonly compileRouter: number;
}

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, file: { type: 'string', multiple: true, default: [] } },
});
/** The largest that others published, where they lie beside the project. */
const published = ['rabbitmq__sample-configs__1.json', 'rabbitmq__rabbitmq-server__16.json']
  .map((name) => path.join(import.meta.dirname, '../../shared/corpus/rabbitmq-definitions', name))
  .filter((file) => existsSync(file));

const rows: Row[] = [];
for (const file of [...published, ...values.file]) rows.push(await measure(path.basename(file), readFileSync(file)));
for (const count of [100, 1_000, 10_000]) rows.push(await measure(`${count} queues, made up`, definitionsOf(count)));
if (values.json) console.log(JSON.stringify(rows, undefined, 2));
else console.table(rows);

async function measure(definitions: string, bytes: Buffer): Promise<Row> {
  const { topology } = analyse(bytes);
  return {
    definitions,
    kilobytes: Math.round(bytes.length / 1000),
    queues: topology.queues.length,
    bindings: topology.bindings.length,
    jsonParse: await median(() => JSON.parse(bytes.toString())),
    analyse: await median(() => analyse(bytes)),
    compileRouter: await median(() => createRouter(topology, { random: () => 0 })),
  };
}

async function median(work: () => unknown): Promise<number> {
  const bench = new Bench({ time: 500, iterations: 5, warmupIterations: 1 });
  bench.add('work', () => {
    work();
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`not measured: ${task?.result.state}`);
  return Math.round(task.result.latency.p50 * 100) / 100;
}

/** A topic exchange with a binding a queue, and a policy that matches them all. */
function definitionsOf(count: number): Buffer {
  const names = Array.from({ length: count }, (_, at) => `team-${at % 97}.queue-${at}`);
  const queues = names.map((name) => ({
    name,
    vhost: '/',
    durable: true,
    auto_delete: false,
    arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 5, 'x-dead-letter-exchange': 'dead' },
  }));
  const bindings = names.map((destination) => ({
    source: 'events',
    vhost: '/',
    destination,
    destination_type: 'queue',
    routing_key: `${destination}.#`,
    arguments: {},
  }));
  const exchange = { vhost: '/', durable: true, auto_delete: false, internal: false, arguments: {} };
  return Buffer.from(
    JSON.stringify({
      vhosts: [{ name: '/' }],
      policies: [
        {
          vhost: '/',
          name: 'all',
          pattern: '^team',
          'apply-to': 'queues',
          priority: 0,
          definition: { 'max-length': 1e6 },
        },
      ],
      exchanges: [
        { ...exchange, name: 'events', type: 'topic' },
        { ...exchange, name: 'dead', type: 'fanout' },
      ],
      queues,
      bindings,
    }),
  );
}
