/**
 * How many calls to SQS a thousand messages cost, and how long they take on the local AWS, beside other producers:
 *
 *   npm run bench:publishing [-- --json]     with the local AWS up: npm start -- --once
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { s3Client, schedulerClient, sqsClient } from '../lambdas/shared/aws/clients.ts';
import { brokerEnvSchema } from '../lambdas/shared/broker/env.ts';
import { createSqsBroker } from '../lambdas/shared/broker/sqs-broker.ts';
import { clientConfig, localEnvironment } from '../local/aws-environment.ts';
import { analyse } from '../rabbitmq/analyse.ts';
import { sqsQueueName } from '../rabbitmq/plan/queue-name.ts';
import { answer, startAwsProxy } from '../test/support/aws-proxy.ts';
import { noDelaysEnv } from '../test/support/no-delays.ts';

interface Row {
  readonly producer: string;
  readonly queues: number;
  /** Calls that send, and messages SQS was asked to store. */
  readonly calls: number;
  readonly sent: number;
  readonly seconds: number;
}

const messages = 1_000;
const peers = path.join(import.meta.dirname, 'peers');
const endpoint = process.env['AWS_ENDPOINT_URL'] ?? 'http://127.0.0.1:4566';
const prefix = `bench-${randomUUID().slice(0, 8)}`;
const names = ['one', 'two', 'three'];
const { values } = parseArgs({ options: { json: { type: 'boolean' } } });

const straight = new SQSClient(clientConfig(endpoint));
const urls: string[] = [];
for (const name of names) {
  const QueueName = sqsQueueName(prefix, { vhost: '/', name });
  urls.push((await straight.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '');
}
try {
  const rows: Row[] = [];
  for (const queues of [1, 3]) {
    rows.push(await measured('Warren', queues, (url) => publishByWarren(url, queues)));
    for (const peer of ['sqs-producer', '@message-queue-toolkit/sqs']) {
      rows.push(await measured(peer, queues, (url) => publishByPeer(peer, url, urls.slice(0, queues))));
    }
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : `${table(rows)}\n`);
} finally {
  for (const QueueUrl of urls) await straight.send(new DeleteQueueCommand({ QueueUrl }));
}

async function measured(producer: string, queues: number, publish: (url: string) => Promise<unknown>): Promise<Row> {
  process.stderr.write(`${producer}, ${queues} …\n`);
  let calls = 0;
  let sent = 0;
  const proxy = await startAwsProxy(endpoint, async (call, response) => {
    if (/SendMessage/.test(call.operation)) {
      calls++;
      sent += JSON.parse(call.body.toString()).Entries?.length ?? 1;
    }
    answer(response, await call.forward());
  });
  const started = performance.now();
  try {
    await publish(proxy.url);
  } finally {
    await proxy.close();
  }
  return { producer, queues, calls, sent, seconds: (performance.now() - started) / 1000 };
}

/** One publish of each message; the fanout exchange copies it to as many queues. */
async function publishByWarren(url: string, queues: number): Promise<void> {
  const definitions = {
    exchanges: [{ name: 'all', vhost: '/', type: 'fanout', durable: true }],
    queues: names.map((name) => ({ name, vhost: '/', durable: true })),
    bindings: names.slice(0, queues).map((destination) => ({
      source: 'all',
      vhost: '/',
      destination,
      destination_type: 'queue',
      routing_key: '',
    })),
  };
  Object.assign(process.env, localEnvironment(url));
  const broker = createSqsBroker({
    env: brokerEnvSchema.parse({
      QUEUE_NAME_PREFIX: prefix,
      QUEUE_URL_BASE: `${endpoint}/000000000000/`,
      ...noDelaysEnv,
    }),
    topology: analyse(JSON.stringify(definitions)).topology,
    sqs: sqsClient(),
    scheduler: schedulerClient(),
    s3: s3Client,
    meter: { count() {}, measure() {} },
    now: () => new Date(),
  });
  const published = await broker.publish(
    Array.from({ length: messages }, (_, at) => ({
      vhost: '/',
      exchange: 'all',
      routingKeys: [''],
      properties: { message_id: String(at) },
      headers: {},
      payload: 'x',
      payloadEncoding: 'string' as const,
    })),
  );
  const acks = published.filter(({ confirm }) => confirm === 'ack').length;
  if (acks !== messages) throw new Error(`only ${acks} of ${messages} messages were acked`);
}

/** In a process of its own, with its own packages; starting it is part of its time. */
async function publishByPeer(peer: string, url: string, queueUrls: readonly string[]): Promise<void> {
  const task = JSON.stringify({ endpoint: url, queueUrls, messages, peer });
  await promisify(execFile)(process.execPath, [path.join(peers, 'publish.mjs'), task]);
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ producer, queues, calls, sent, seconds }) =>
      `| ${producer} | ${queues} | ${calls} | ${sent} | ${seconds.toFixed(2)} |`,
  );
  return ['| producer | queues | calls | messages stored | seconds |', '|---|---:|---:|---:|---:|', ...lines].join(
    '\n',
  );
}
