/**
 * Asks a real broker where it routes every case of routing-cases.ts, and writes its answers to recorded/. By hand, against any RabbitMQ with
 * its management plugin; works in vhosts of its own, which it deletes again:
 *
 *   node test/conformance/record-routing.ts http://guest:guest@localhost:15672 && npm run fix
 *
 * All recordings are replayed against the same fixtures: when these or the cases change, record every version again.
 */
import { randomUUID } from 'node:crypto';
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
import { routingCases } from './routing-cases.ts';

const definitionsSchema = z.looseObject({
  vhosts: z.array(z.looseObject({ name: z.string() })),
  exchanges: z.array(z.looseObject({ vhost: z.string() })),
  queues: z.array(z.looseObject({ vhost: z.string(), name: z.string() })),
  bindings: z.array(z.looseObject({ vhost: z.string() })),
});
type Definitions = z.infer<typeof definitionsSchema>;
const sentinel = 'the last message';
const atOnce = 8;

const [url] = process.argv.slice(2);
if (url === undefined) throw new Error('usage: node test/conformance/record-routing.ts <MANAGEMENT_URL>');
await record(managementApi(new URL(url)));

async function record(api: Api): Promise<void> {
  const { rabbitmq_version } = z.object({ rabbitmq_version: z.string() }).parse(await api.get('overview'));
  copyFileSync(
    path.join(import.meta.dirname, '../../topology/definitions.json'),
    path.join(import.meta.dirname, 'fixtures/worked-example.json'),
  );
  const run = randomUUID().slice(0, 8);
  const cases: RecordedCase[] = [];
  for (const file of definitionsFiles) {
    cases.push(...(await recordFile(api, definitionsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), run)));
  }
  const lost = routingCases.length - cases.length;
  if (lost > 0) throw new Error(`${lost} cases name a vhost that no file declares`);
  const file = path.join(recordedFolder, `routing-${rabbitmq_version}.json`);
  mkdirSync(recordedFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ rabbitmq_version, cases } satisfies Recording)}\n`);
  process.stdout.write(
    `${cases.length} cases of RabbitMQ ${rabbitmq_version}: ${path.relative(process.cwd(), file)}\n`,
  );
}

async function recordFile(api: Api, definitions: Definitions, run: string): Promise<RecordedCase[]> {
  const { vhosts, exchanges, queues, bindings } = definitions;
  const own = (vhost: string) => `warren-conformance-${run}-${vhost.replaceAll('/', 'default')}`;
  const moved = <T extends { vhost: string }>(objects: T[]) =>
    objects.map((one) => ({ ...one, vhost: own(one.vhost) }));
  try {
    for (const { name } of vhosts) await api.put(`vhosts/${encode(own(name))}`);
    await api.post('definitions', { exchanges: moved(exchanges), queues: moved(queues), bindings: moved(bindings) });
    const recorded: RecordedCase[] = [];
    for (const { name } of vhosts) {
      const names = queues.filter(({ vhost }) => vhost === name).map((queue) => queue.name);
      recorded.push(
        ...(await recordVhost(
          api,
          own(name),
          names,
          routingCases.filter(({ vhost }) => vhost === name),
        )),
      );
    }
    return recorded;
  } finally {
    for (const { name } of vhosts) await api.delete(`vhosts/${encode(own(name))}`);
  }
}

/** Every case's payload is its number. A message that the broker has confirmed stands before the sentinel that follows it. */
async function recordVhost(api: Api, vhost: string, queues: string[], cases: PublishCase[]): Promise<RecordedCase[]> {
  const routed = await inTurns(cases, (one, at) => publish(api, vhost, one, String(at)));
  await inTurns(queues, (queue) => publish(api, vhost, { exchange: '', routing_key: queue }, sentinel));
  const contents = await inTurns(queues, async (queue) => ({ queue, payloads: await drain(api, vhost, queue) }));

  return cases.map((one, at) => {
    const received = contents.filter(({ payloads }) => payloads.includes(String(at))).map(({ queue }) => queue);
    if (routed[at] !== received.length > 0)
      throw new Error(`${JSON.stringify(one)}: routed, but nowhere; or the reverse`);
    return { ...one, queues: received.sort(), routed: received.length > 0 };
  });
}

async function publish(
  api: Api,
  vhost: string,
  { exchange, routing_key, cc, bcc }: Omit<PublishCase, 'vhost'>,
  payload: string,
): Promise<boolean> {
  const name = exchange === '' ? 'amq.default' : exchange;
  const answer = await api.post(`exchanges/${encode(vhost)}/${encode(name)}/publish`, {
    properties: { headers: { ...(cc && { CC: cc }), ...(bcc && { BCC: bcc }) } },
    routing_key,
    payload,
    payload_encoding: 'string',
  });
  return z.object({ routed: z.boolean() }).parse(answer).routed;
}

/** By `get` until the sentinel has come, because the counts of the statistics are seconds old. */
async function drain(api: Api, vhost: string, queue: string): Promise<string[]> {
  const payloads: string[] = [];
  for (const deadline = Date.now() + 30_000; payloads.at(-1) !== sentinel; ) {
    if (Date.now() > deadline) throw new Error(`queue '${queue}' never delivered ${sentinel}`);
    const request = { count: 1000, ackmode: 'ack_requeue_false', encoding: 'auto' };
    const answer = await api.post(`queues/${encode(vhost)}/${encode(queue)}/get`, request);
    payloads.push(
      ...z
        .array(z.object({ payload: z.string() }))
        .parse(answer)
        .map(({ payload }) => payload),
    );
  }
  const cases = payloads.slice(0, -1);
  if (new Set(cases).size < cases.length) throw new Error(`queue '${queue}' got two copies of a message`);
  return cases;
}

async function inTurns<T, R>(items: readonly T[], work: (item: T, at: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map((item, offset) => work(item, at + offset)))));
  }
  return results;
}

type Api = ReturnType<typeof managementApi>;

function managementApi({ origin, username, password }: URL) {
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const request = async (method: string, resource: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${origin}/api/${resource}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${resource}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    get: (resource: string) => request('GET', resource),
    put: (resource: string) => request('PUT', resource),
    delete: (resource: string) => request('DELETE', resource),
    post: (resource: string, body: unknown) => request('POST', resource, body),
  };
}

function encode(name: string): string {
  return encodeURIComponent(name);
}
