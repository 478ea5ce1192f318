/**
 * Asks a real broker where it routes every case of routing-cases.ts and what the live run generates, and writes its answers to recorded/. By
 * hand, against any RabbitMQ with its management and consistent-hash plugins; works in vhosts of its own, which it deletes again:
 *
 *   node test/conformance/record-routing.ts amqp://guest:guest@localhost:5672 http://guest:guest@localhost:15672 && npm run fix
 *
 * All recordings are replayed against the same fixtures: when these, the cases or the generator change, record every version again.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  definitionsFiles,
  type PublishCase,
  type RecordedCase,
  type Recording,
  recordedFolder,
} from './definitions-files.ts';
import { answerOf, digestOf, type GeneratedRecording, generateCases, generatedCasesFile } from './generated-cases.ts';
import { connectBroker } from './live/broker/live-broker.ts';
import type { Broker, Outcome } from './live/case.ts';
import { routingCases } from './routing-cases.ts';

const anyArguments = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({});
const definitionsSchema = z.object({
  vhosts: z.array(z.object({ name: z.string() })),
  exchanges: z.array(
    z.object({
      vhost: z.string(),
      name: z.string(),
      type: z.enum(['direct', 'fanout', 'topic', 'headers']),
      internal: z.boolean().default(false),
      arguments: anyArguments,
    }),
  ),
  queues: z.array(z.object({ vhost: z.string(), name: z.string(), arguments: anyArguments })),
  bindings: z.array(
    z.object({
      vhost: z.string(),
      source: z.string(),
      destination: z.string(),
      destination_type: z.enum(['queue', 'exchange']),
      routing_key: z.string(),
      arguments: anyArguments,
    }),
  ),
});

const [amqpUrl, managementUrl] = process.argv.slice(2);
if (amqpUrl === undefined || managementUrl === undefined) {
  throw new Error('usage: node test/conformance/record-routing.ts <AMQP_URL> <MANAGEMENT_URL>');
}
const broker = await connectBroker(amqpUrl, managementUrl);
mkdirSync(recordedFolder, { recursive: true });
await recordCases(broker);
await recordGenerated(broker);

async function recordCases({ version, publishAll }: Broker): Promise<void> {
  copyFileSync(
    path.join(import.meta.dirname, '../../topology/definitions.json'),
    path.join(import.meta.dirname, 'fixtures/worked-example.json'),
  );
  const cases: RecordedCase[] = [];
  for (const file of definitionsFiles) {
    const { vhosts, exchanges, queues, bindings } = definitionsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    for (const { name } of vhosts) {
      const own = routingCases.filter(({ vhost }) => vhost === name);
      const within = <T extends { readonly vhost: string }>(objects: readonly T[]) =>
        objects.filter(({ vhost }) => vhost === name).map(({ vhost: _, ...object }) => object);
      const definitions = { exchanges: within(exchanges), queues: within(queues), bindings: within(bindings) };
      const outcomes = await publishAll(definitions, own.map(toPublish));
      cases.push(...own.map((one, at) => recorded(one, outcomes[at])));
    }
  }
  const lost = routingCases.length - cases.length;
  if (lost > 0) throw new Error(`${lost} cases name a vhost that no file declares`);
  write(`routing-${version}.json`, JSON.stringify({ rabbitmq_version: version, cases } satisfies Recording));
}

function toPublish({ exchange, routing_key, cc, bcc }: PublishCase) {
  return { exchange, routing_key, headers: { ...(cc && { CC: cc }), ...(bcc && { BCC: bcc }) }, properties: {} };
}

function recorded(one: PublishCase, outcome: Outcome | undefined): RecordedCase {
  if (!outcome || 'error' in outcome || outcome.confirm === 'nack') {
    throw new Error(`${JSON.stringify(one)}: ${JSON.stringify(outcome)}`);
  }
  return { ...one, queues: outcome.queues, routed: !outcome.returned };
}

async function recordGenerated({ version, publishAll }: Broker): Promise<void> {
  const cases = generateCases();
  const text = `[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`;
  writeFileSync(generatedCasesFile, text);
  const answers: string[] = [];
  for (const { definitions, messages } of cases) {
    answers.push(JSON.stringify((await publishAll(definitions, messages)).map(answerOf)));
  }
  const head = { rabbitmq_version: version, cases: digestOf(text) } satisfies Omit<GeneratedRecording, 'answers'>;
  write(`generated-${version}.json`, `${JSON.stringify(head).slice(0, -1)},"answers":[\n${answers.join(',\n')}\n]}`);
}

function write(name: string, text: string): void {
  writeFileSync(path.join(recordedFolder, name), `${text}\n`);
  process.stdout.write(`recorded ${name}\n`);
}
