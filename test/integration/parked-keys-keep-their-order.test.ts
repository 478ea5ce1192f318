import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { createPark } from '../../lambdas/park/park.ts';
import { documentClient } from '../../lambdas/shared/aws/clients.ts';
import { createSqsConsumer, type SqsConsumerDeps } from '../../lambdas/shared/consumer/sqs-consumer.ts';
import { createSqsSource } from '../../lambdas/shared/consumer/sqs-source.ts';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import { createStoredExceptions } from '../../lambdas/shared/exceptions/stored-exceptions.ts';
import { createTakeOut } from '../../lambdas/shared/exceptions/take-out.ts';
import { eventually } from '../../local/eventually.ts';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { readDeployment } from '../support/deployment-file.ts';
import { deployedCode, replaceCode, withJson } from '../support/function-code.ts';
import { pollQueue } from '../support/poll-queue.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { deployTopology, type TopologyDeployment } from '../support/topology-deployment.ts';
import { CountingMeter, lambdaContext, silentLog } from '../unit/lambdas/builders.ts';

const account = '000000000113';
const { endpoint } = readDeployment();
const keys = Array.from({ length: 20 }, (_, at) => `key-${at}`);
const perKey = 15;
const rounds = Array.from({ length: perKey }, (_, n) => n + 1);
const all = keys.length * perKey;
const schema = z.object({ key: z.string(), n: z.int() });

let deployed: TopologyDeployment;
let deps: SqsConsumerDeps;
let queueUrl: string;
let urlOf: (name: string) => string;
let sqs: SQSClient;

const folder = mkdtempSync(path.join(tmpdir(), 'warren-parked-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Somebody's definitions, with what `lib/consumers.ts` would say of their queue: it is ordered by a key, and a consumer of Warren's reads it. */
beforeAll(async () => {
  deployed = await deployTopology(path.join(import.meta.dirname, 'fixtures/parked-keys.json'), account);
  const { clientConfig, outputs } = deployed;
  const queues = deployed.topology.queues.map((queue) =>
    queue.name === 'keyed' ? { ...queue, orderBy: { member: 'key' } } : queue,
  );
  const topology = { ...deployed.topology, queues };
  const lambda = new LambdaClient(clientConfig);
  for (const name of ['PublishFunction', 'ParkFunction', 'ReplayFunction']) {
    const code = withJson(await deployedCode(lambda, outputs[name] ?? ''), 'topology.json', topology);
    const consumed = queues.map(({ vhost, name }) => ({ vhost, name }));
    const isReplay = name === 'ReplayFunction';
    await replaceCode(lambda, outputs[name] ?? '', isReplay ? withJson(code, 'consumed-queues.json', consumed) : code);
  }
  const env = await deployed.publisherEnvironment();
  urlOf = (name) => {
    const queue = queues.find((one) => one.name === name);
    if (!queue) throw new Error(`no queue ${name}`);
    return env.QUEUE_URL_BASE + sqsQueueName(env.QUEUE_NAME_PREFIX, queue);
  };
  queueUrl = urlOf('keyed');
  sqs = new SQSClient({ ...clientConfig, useQueueUrlAsEndpoint: false });
  deps = {
    env: {
      ...env,
      IDEMPOTENCY_TABLE: outputs['IdempotencyTable'] ?? '',
      IDEMPOTENCY_EXPIRES_AFTER_SECONDS: 3600,
      EXCEPTIONS_TABLE: outputs['ExceptionsTable'] ?? '',
      EXCEPTIONS_KEEP_SECONDS: 3600,
      DELIVERY_LIMIT: 10,
      MAX_RECEIVES: 1000,
      RETRY_MIN_SECONDS: 0,
      RETRY_MAX_SECONDS: 1,
      RETRY_SCHEDULE_SECONDS: [],
      CONSUMER: 'keyed',
      CIRCUITS_TABLE: outputs['CircuitsTable'] ?? '',
      CIRCUIT_OPENS_AFTER: 10,
      CIRCUIT_FIRST_PROBE_SECONDS: 60,
    },
    topology,
    sqs,
    scheduler: new SchedulerClient(clientConfig),
    s3: async () => new S3Client(clientConfig),
    dynamoDb: new DynamoDBClient(clientConfig),
    now: () => new Date(),
    log: silentLog,
    meter: new CountingMeter(),
  };
}, 240_000);

const start = (...args: string[]) => startWarren(endpoint, ['exceptions', ...args, '--json', '--yes'], folder, account);

async function warren(...args: string[]) {
  const { status, stdout, stderr } = await finished(start(...args));
  if (stdout === '') throw new Error(`no answer, status ${status}: ${stderr}`);
  return { status, stderr, answer: JSON.parse(stdout) };
}

const selection = ['--stage', 'local', '--state', 'parked', '--queue', 'keyed', '--reason', 'there is room'];
const park = ['park', 'keyed', '--stage', 'local', '--reason', 'it is full'];

/** In rounds: the first of each key, then the second. */
async function publishAll(run: string): Promise<void> {
  for (const n of rounds) {
    const messages = keys.map((key) => ({
      exchange: '',
      routing_key: 'keyed',
      properties: { message_id: `${run} ${key} ${n}` },
      payload: JSON.stringify({ key: `${run} ${key}`, n }),
    }));
    await deployed.publish({ mode: 'confirm', messages });
  }
}

async function waiting(): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
  const { Attributes } = await sqs.send(command);
  return Object.values(Attributes ?? {}).reduce((sum, one) => sum + Number(one), 0);
}

async function statesOf(run: string): Promise<Map<string, number>> {
  const table = { table: deployed.outputs['ExceptionsTable'] ?? '', keepSeconds: 1, now: () => new Date() };
  const store = createDynamoDbExceptionStore(documentClient(new DynamoDBClient(deployed.clientConfig)), table);
  const states = new Map<string, number>();
  for await (const { state, event_id } of store.find({ place: "queue 'keyed'" }))
    if (event_id.startsWith(run)) states.set(state, (states.get(state) ?? 0) + 1);
  return states;
}

/** What the consumer has done, by key, once it has done all. */
async function consumed(): Promise<Map<string, number[]>> {
  const handled = new Map<string, number[]>();
  const consumer = {
    queue: 'keyed',
    schema,
    businessKey: ({ key, n }: z.infer<typeof schema>) => `${key} ${n}`,
    comparable: () => [],
    async handle({ body: { key, n } }: { readonly body: z.infer<typeof schema> }) {
      handled.set(key, [...(handled.get(key) ?? []), n]);
    },
  };
  const stop = new AbortController();
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => 30_000 };
  const createHandler = () => createSqsConsumer(consumer, deps);
  const polled = { sqs, queueUrl, batchSize: 10, visibilityTimeout: 60, createHandler, context };
  const polling = pollQueue(polled, 2, stop.signal);
  try {
    await eventually(waiting, (left) => left === 0, 60_000);
  } finally {
    stop.abort();
    await polling;
  }
  return handled;
}

describe('messages of 20 keys in a FIFO queue that are parked and sent again', () => {
  it('have one effect each, in the order of their key, although both commands are killed', async () => {
    await publishAll('killed');
    expect(await waiting()).toBe(all);

    const parking = start(...park, '--rate', '60', '--settle-seconds', '0');
    await eventually(waiting, (left) => left < all - 60, 30_000);
    parking.kill('SIGKILL');
    await finished(parking);
    expect(await waiting()).toBeGreaterThan(0);
    expect((await warren(...park, '--settle-seconds', '40')).answer).toMatchObject({ ok: true });
    expect(await waiting()).toBe(0);
    expect(await statesOf('killed')).toEqual(new Map([['parked', all]]));

    const replaying = start('replay', ...selection, '--no-canary', '--rate', '40');
    await eventually(waiting, (count) => count > 60, 30_000);
    replaying.kill('SIGKILL');
    await finished(replaying);
    expect(await waiting()).toBeLessThan(all);
    const [file = ''] = readdirSync(folder);
    const written = readFileSync(path.join(folder, file), 'utf8');
    expect(written).toContain('"done"');
    expect(new Set(written.match(/"lane":"[^"]*"/g)).size).toBe(keys.length);
    const { status, answer } = await warren('resume', file, '--no-canary');

    expect([status, answer]).toMatchObject([0, { ok: true, rows: all, notSent: 0, behind: 0 }]);
    const handled = await consumed();
    expect(handled.size).toBe(keys.length);
    for (const key of keys) expect(handled.get(`killed ${key}`)).toEqual(rounds);
    expect(await statesOf('killed')).toEqual(new Map([['resolved', all]]));
  }, 180_000);

  it('have one effect when the function dies between row and delete, and the queue is consumed before the rows are sent', async () => {
    await publishAll('both');
    const { keep } = createStoredExceptions({ ...deps, documents: documentClient(deps.dynamoDb) });
    const dying = createPark({
      queues: deps.topology.queues,
      source: () => ({ ...createSqsSource(sqs, queueUrl, silentLog), remove: () => Promise.reject(new Error('died')) }),
      takeOut: createTakeOut({ keep, log: silentLog }),
    });
    const request = { who: 'test', why: 'dies', queue: { vhost: '/', name: 'keyed' }, most: 10 };
    const { not_stored } = await dying(request, lambdaContext(30_000));
    expect(not_stored).toBeGreaterThan(0);
    expect(await statesOf('both')).toEqual(new Map([['parked', not_stored]]));
    expect(await waiting()).toBe(all);

    const first = await consumed();
    const { answer } = await warren('replay', ...selection, '--no-canary');
    const second = await consumed();

    expect(answer).toMatchObject({ ok: true, rows: not_stored });
    for (const key of keys) expect(first.get(`both ${key}`)).toEqual(rounds);
    expect([...second]).toEqual([]);
    expect(await statesOf('both')).toEqual(new Map([['resolved', not_stored]]));
  }, 180_000);
});

describe('a message that SQS has handed out as often as it may', () => {
  it('is parked, and not moved to the dead-letter queue by that', async () => {
    const url = urlOf('brittle');
    const messages = [{ exchange: '', routing_key: 'brittle', properties: { message_id: 'often' }, payload: 'x' }];
    await deployed.publish({ mode: 'confirm', messages });
    // Its maxReceiveCount is two, the least that synth gives.
    for (const _ of ['once', 'twice']) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0 }));
      expect(Messages).toHaveLength(1);
    }

    const { answer } = await warren('park', 'brittle', '--stage', 'local', '--reason', 'x', '--settle-seconds', '0');

    expect(answer).toMatchObject({ ok: true, parked: 1 });
    const lines = await finished(startWarren(endpoint, ['queues', '--stage', 'local', '--json'], folder, account));
    const { queues } = JSON.parse(lines.stdout);
    expect(queues.find(({ name }: { name: string }) => name === 'brittle')).toMatchObject({
      visible: 0,
      deadLetters: { count: 0 },
    });
  });
});
