import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { eventually } from '../../local/eventually.ts';
import { depth } from '../../local/observe.ts';
import { deadLetterQueueName, sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { copyProject, projectIn } from '../recipes/project-copy.ts';
import { allItems } from '../support/all-items.ts';
import { readDeployment } from '../support/deployment-file.ts';
import { ownPartitionsProject, partitions } from '../support/growing-partitions.ts';
import { finished, startWarrenOf } from '../support/run-warren-process.ts';
import { deployTopology, type TopologyDeployment } from '../support/topology-deployment.ts';
import { ringOf, shards } from '../unit/rabbitmq/partitions/rings.ts';

const account = '000000000114';
const { endpoint } = readDeployment();
const rounds = Array.from({ length: 15 }, (_, at) => at + 1);
const [first = 1, ...later] = rounds;
const queueNames = partitions.map((name) =>
  sqsQueueName('warren-local', { vhost: '/', name, singleActiveConsumer: true }),
);

const project = projectIn(copyProject());
let deployed: TopologyDeployment;
let sqs: SQSClient;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  deployed = await deployTopology(ownPartitionsProject(project), account, project.folder);
  sqs = new SQSClient({ ...deployed.clientConfig, useQueueUrlAsEndpoint: false });
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(deployed.clientConfig));
}, 240_000);

const started: ChildProcess[] = [];

afterAll(() => {
  // What a test that failed has left to itself.
  for (const one of started) one.kill('SIGKILL');
  project.remove();
});

function start(...args: string[]): ChildProcess {
  const child = startWarrenOf(project.folder, [...args, '--stage', 'local'], { endpoint, account });
  started.push(child);
  return child;
}

/** What it says on standard output. */
async function warren(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await finished(start(...args));
  if (status !== 0) throw new Error(`warren ${args.join(' ')}, status ${status}: ${stderr}`);
  return stdout;
}

/** Where a key is while so many partitions are in use. */
function queueOf(key: string, active: number): string | undefined {
  const ring = ringOf(shards(partitions.map(() => 1)));
  const message = { vhost: '/', exchange: 'shards', routingKeys: [key] };
  const { queue } = ring.place(message, { active, declared: partitions.length });
  return queueNames[partitions.indexOf(queue)];
}

/** Eight that go to the third partition and come back, twelve that stay. Nobody has used them before. */
function givenKeys(): string[] {
  const all = Array.from({ length: 1_000 }, () => `key-${randomUUID()}`);
  const byMove = Map.groupBy(all, (key) => queueOf(key, 3) === queueNames[2]);
  return [...(byMove.get(true) ?? []).slice(0, 8), ...(byMove.get(false) ?? []).slice(0, 12)];
}

/** In rounds: one message of each key, then the next of each. */
function givenFile(name: string, keys: readonly string[], numbers: readonly number[]): string {
  const lines = numbers.flatMap((n) =>
    keys.map((key) => ({
      exchange: 'shards',
      routing_key: key,
      properties: { message_id: `${key}#${n}` },
      payload: JSON.stringify({ id: `${key}#${n}` }),
    })),
  );
  const file = project.inCopy(`${name}.jsonl`);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

/** Of each key, what was handled in which queue, in the order in which it was. */
async function handled(): Promise<Map<string, { readonly n: number; readonly queue: string }[]>> {
  const items = await allItems(documents, deployed.outputs['ShardsTable'] ?? '');
  return new Map(items.map(({ key, handled: all }) => [key, all]));
}

async function waitingIn(names: readonly string[]): Promise<number> {
  const counts = await Promise.all(names.map((name) => depth(sqs, `${deployed.outputs['QueueUrlBase']}${name}`)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function exceptions(): Promise<unknown[]> {
  return allItems(documents, deployed.outputs['ExceptionsTable'] ?? '');
}

/** Two publishers, each of a file of its own, go on until the work is done. Then there MUST be something left, and that is published at once. */
async function whilePublishing(files: readonly string[], work: () => Promise<void>): Promise<void> {
  const publishers = files.map((file) => start('publish', '--file', file, '--rate', '1.5'));
  const ended = publishers.map(finished);
  try {
    await work();
  } finally {
    for (const one of publishers) one.kill('SIGINT');
    await Promise.all(ended);
  }
  for (const file of files) await warren('publish', '--file', `${file}.unconfirmed.jsonl`);
}

/** Takes a step; what keys leave is paused until messages of theirs wait where they go. Answers what the command says. */
async function step(args: readonly string[], { left, joined }: Readonly<Record<'left' | 'joined', readonly string[]>>) {
  const why = ['--reason', 'keys have something to wait for', '--yes'];
  const names = joined.map((name) => queueNames[partitions.indexOf(name)] ?? '');
  const [said] = await Promise.all([
    warren('partitions', ...args, '--yes'),
    (async () => {
      for (const queue of left) await warren('pause', queue, ...why);
      const count = await eventually(
        () => waitingIn(names),
        (messages) => messages >= 4,
        60_000,
      );
      expect(count).toBeGreaterThanOrEqual(4);
      for (const queue of left) await warren('resume', queue, ...why);
    })(),
  ]);
  return said;
}

describe('two partitions that become three, and two again, while messages of 20 keys are published', () => {
  it('handle each message once, in the order of its key, in the partition where its key was when it was published', async () => {
    const keys = givenKeys();
    const early = givenFile('early', keys, [first]);
    const files = [0, 1].map((half) =>
      givenFile(
        `half-${half}`,
        keys.filter((_, at) => at % 2 === half),
        later,
      ),
    );
    await warren('publish', '--file', early);

    await whilePublishing(files, async () => {
      const more = ['resize', 'shards', '--to', '3', '--reason', 'more traffic'];
      const grown = await step(more, { left: ['shard-0', 'shard-1'], joined: ['shard-2'] });
      expect(grown).toBe('shards: 3 of 4 partitions are in use.\n');
      // The queue they are in now has never seen them: SQS cannot tell that it is their second time.
      await warren('publish', '--file', early);
      const less = ['back', 'shards', '--reason', 'too early'];
      const shrunk = await step(less, { left: ['shard-2'], joined: ['shard-0', 'shard-1'] });
      expect(shrunk).toBe('shards: 2 of 4 partitions are in use.\n');
    });

    const all = [...queueNames, ...queueNames.map(deadLetterQueueName)];
    const waiting = () => waitingIn(all);
    expect(await eventually(waiting, (count) => count === 0, 60_000)).toBe(0);
    const effects = await handled();
    for (const key of keys) {
      const ofKey = effects.get(key) ?? [];
      expect([key, ofKey.map(({ n }) => n)]).toEqual([key, rounds]);
      const places = ofKey.map(({ queue }) => queue).filter((queue, at, before) => queue !== before[at - 1]);
      const [home, then] = [queueOf(key, 2), queueOf(key, 3)];
      expect([key, places]).toEqual([key, home === then ? [home] : [home, then, home]]);
    }
    expect(await exceptions()).toEqual([]);
  }, 240_000);
});
