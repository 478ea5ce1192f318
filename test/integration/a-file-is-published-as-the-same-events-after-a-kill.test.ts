import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { childEnvironment } from '../../local/aws-environment.ts';
import { eventually } from '../../local/eventually.ts';
import { depth } from '../../local/observe.ts';
import { testAccount } from '../support/deployment-file.ts';
import { takeMessages } from '../support/take-messages.ts';
import { testDeployment } from '../support/test-deployment.ts';

const { endpoint, queueUrl, sqs } = testDeployment();
/** No function consumes it. */
const queue = 'analytics.orders';
const folder = mkdtempSync(path.join(tmpdir(), 'warren-file-'));
const command = path.join(import.meta.dirname, '../../bin/warren.ts');
afterAll(() => rmSync(folder, { recursive: true }));

function warren(...args: string[]): ChildProcess {
  return spawn(process.execPath, [command, 'publish', '--stage', 'local', ...args], {
    env: childEnvironment(endpoint, testAccount),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finished(child: ChildProcess) {
  const read = async (stream: ChildProcess['stdout']) => (stream ? text(stream) : '');
  const [[status], stdout, stderr] = await Promise.all([once(child, 'close'), read(child.stdout), read(child.stderr)]);
  return { status, stdout, stderr };
}

/** So many messages without ids, whose bodies nobody else has. */
function givenFile(count: number) {
  const run = randomUUID();
  const bodies = Array.from({ length: count }, (_, at) => `${run} ${at}`);
  const file = path.join(folder, `${run}.jsonl`);
  writeFileSync(
    file,
    bodies.map((payload) => `${JSON.stringify({ exchange: '', routing_key: queue, payload })}\n`).join(''),
  );
  return { file, left: `${file}.unconfirmed.jsonl`, bodies };
}

const lineCount = (file: string) => readFileSync(file, 'utf8').split('\n').length - 1;

/** Body → the event ids of its copies. */
async function eventIdsIn(url: string, count: number): Promise<Map<string, Set<string>>> {
  const ids = new Map<string, Set<string>>();
  for (const { Body = '', MessageAttributes } of await takeMessages(sqs, url, count)) {
    const { properties } = JSON.parse(MessageAttributes?.['amqp']?.StringValue ?? '');
    ids.set(Body, (ids.get(Body) ?? new Set()).add(properties.message_id));
  }
  return ids;
}

describe('warren publish --file', () => {
  const url = queueUrl(queue);
  // An emulator that was up before holds what earlier runs left.
  beforeEach(() => sqs.send(new PurgeQueueCommand({ QueueUrl: url })));

  it('publishes every line once', async () => {
    const { file, left, bodies } = givenFile(2500);

    const { status, stdout, stderr } = await finished(warren('--file', file, '--json'));

    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('warren:') });
    expect(JSON.parse(stdout)).toMatchObject({ messages: 2500, acked: 2500, unconfirmedFile: null });
    expect(existsSync(left)).toBe(false);
    expect(await depth(sqs, url)).toBe(bodies.length);
  });

  it('killed and resumed, publishes every line, and each as one event', async () => {
    const { file, left, bodies } = givenFile(600);
    const killed = warren('--file', file, '--batch', '50');
    await eventually(
      () => depth(sqs, url),
      (messages) => messages >= 50,
      30_000,
    );
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(lineCount(left)).toBe(bodies.length);

    const { status } = await finished(warren('--file', left));

    expect(status).toBe(0);
    expect(existsSync(left)).toBe(false);
    const stored = await eventIdsIn(url, bodies.length);
    expect([...stored.keys()].sort()).toEqual(bodies.toSorted());
    expect([...stored.values()].filter(({ size }) => size !== 1)).toEqual([]);
  });

  it('stopped by Ctrl-C and resumed, publishes every line once', async () => {
    const { file, left, bodies } = givenFile(600);
    const stopped = warren('--file', file, '--batch', '50', '--json');
    const ended = finished(stopped);
    await eventually(
      () => depth(sqs, url),
      (messages) => messages >= 50,
      30_000,
    );
    stopped.kill('SIGINT');
    const { status, stdout } = await ended;
    const { acked, notPublished, stopped: reason } = JSON.parse(stdout);

    expect({ status, reason, all: acked + notPublished }).toEqual({ status: 1, reason: 'interrupted', all: 600 });
    expect(lineCount(left)).toBe(notPublished);
    expect((await finished(warren('--file', left))).status).toBe(0);
    const all = await takeMessages(sqs, url, bodies.length);
    expect(all.map(({ Body = '' }) => Body).sort()).toEqual(bodies.toSorted());
  });
});
