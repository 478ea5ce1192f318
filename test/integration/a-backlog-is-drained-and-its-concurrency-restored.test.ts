import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { configuredOrderCache } from '../../lambdas/shared/order-cache/configured-order-cache.ts';
import { eventually } from '../../local/eventually.ts';
import { newOrderNumber, orderEvent } from '../support/order-events.ts';
import { drained } from '../support/queue-contents.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { testValkeyUrl } from '../support/test-valkey.ts';

const deployment = testDeployment();
const queue = 'order-cache.updates';
const consumer = 'order-cache';
/** Of the consumer, as `lib/config.ts` says for the stage. */
const deployed = 2;
const raised = 10;
/** More of them for a measurement: BACKLOG=20000. */
const backlog = Number(process.env['BACKLOG'] ?? 2_000);

const folder = mkdtempSync(path.join(tmpdir(), 'warren-backlog-'));
afterAll(() => rmSync(folder, { recursive: true }));

function start(...args: string[]) {
  return startWarren(deployment.endpoint, [...args, '--stage', 'local']);
}

/** The command line's answer; fails with what it said when it ended otherwise. */
async function warren(...args: string[]) {
  const { status, stdout, stderr } = await finished(start(...args, '--json'));
  const answer = stdout === '' ? {} : JSON.parse(stdout);
  return { status, answer, said: stderr };
}

async function queueLine() {
  const { answer } = await warren('queues');
  return answer.queues.find(({ name }: { name: string }) => name === queue);
}

async function concurrency(): Promise<number> {
  return (await queueLine()).consumers[0].maximumConcurrency;
}

async function isRaised(): Promise<void> {
  expect(await eventually(concurrency, (now) => now === raised, 30_000)).toBe(raised);
}

/** One order each, which nobody else has. */
function givenOrders(count: number) {
  const orders = Array.from({ length: count }, newOrderNumber);
  const file = path.join(folder, 'backlog.jsonl');
  const line = (order: string) =>
    JSON.stringify({ exchange: '', routing_key: queue, payload: JSON.stringify(orderEvent(order, 'PAID')) });
  writeFileSync(file, orders.map((order) => `${line(order)}\n`).join(''));
  return { orders, file };
}

const cache = configuredOrderCache(
  { VALKEY_URL: testValkeyUrl(), ORDER_CACHE_TABLE: deployment.outputs.OrderCacheTable, ORDER_CACHE_LIFE_SECONDS: 60 },
  { documents: deployment.documents, now: () => new Date() },
);

async function missingIn(orders: readonly string[]): Promise<string[]> {
  const found = await pMap(orders, (order) => cache.get(order), { concurrency: 20 });
  return orders.filter((_, at) => found[at]?.state !== 'PAID');
}

beforeAll(async () => {
  // What an earlier run left.
  await deployment.sqs.send(new PurgeQueueCommand({ QueueUrl: deployment.queueUrl(queue) }));
  await warren('surge', queue, '--restore');
  await warren('resume', consumer, '--reason', 'a test begins');
  expect(await drained(deployment, deployment.queueUrl(queue))).toBe(0);
}, 60_000);

describe(`a backlog of ${backlog} messages`, () => {
  it('waits while its consumer is paused, is drained by a surge with nothing lost, and the concurrency is as before', async () => {
    const before = (await warren('audit', consumer)).answer.rows.length;
    const paused = await warren('pause', consumer, '--reason', 'a backlog is to build up', '--yes');
    expect(paused).toMatchObject({ status: 0, answer: { state: 'Disabled' } });
    const { orders, file } = givenOrders(backlog);
    const published = await warren('publish', '--file', file);
    expect(published.answer).toMatchObject({ acked: backlog });
    expect(await queueLine()).toMatchObject({
      visible: backlog,
      inFlight: 0,
      consumers: [{ name: consumer, state: 'Disabled', maximumConcurrency: deployed }],
    });
    const surge = start(
      ...['surge', queue, '--concurrency', String(raised), '--until-drained'],
      ...['--reason', 'a backlog', '--yes', '--every', '0.5', '--json'],
    );
    const ended = finished(surge);
    await isRaised();

    expect(await warren('resume', queue, '--reason', 'enough of it')).toMatchObject({ status: 0 });
    const { status, stdout } = await ended;

    const answer = JSON.parse(stdout);
    expect({ status, answer }).toMatchObject({
      status: 0,
      answer: { ok: true, before: deployed, during: raised, concurrency: 'restored', backlog: { isEmpty: true } },
    });
    // For whoever measures; how good it is depends on the machine.
    process.stderr.write(`${JSON.stringify(answer)}\n`);
    expect(answer.forecast).toMatchObject({ error: expect.any(Number) });
    expect(await missingIn(orders)).toEqual([]);
    expect(await concurrency()).toBe(deployed);
    const { rows } = (await warren('audit', consumer)).answer;
    expect(rows.slice(before)).toMatchObject([
      { act: 'pause', before: { state: 'Enabled' }, after: { state: 'Disabled' }, why: 'a backlog is to build up' },
      { act: 'surge until drained', before: { maximumConcurrency: deployed }, after: { maximumConcurrency: raised } },
      { act: 'resume', before: { state: 'Disabled' }, after: { state: 'Enabled' } },
      { act: 'end of surge', before: { maximumConcurrency: raised }, after: { maximumConcurrency: deployed } },
    ]);
  }, 600_000);
});

describe('a surge', () => {
  const args = ['surge', queue, '--concurrency', String(raised), '--reason', 'a test', '--yes', '--every', '0.5'];

  it('that is stopped by Ctrl-C restores what was there before', async () => {
    const surge = start(...args);
    const ended = finished(surge);
    await isRaised();

    surge.kill('SIGINT');

    expect((await ended).status).toBe(0);
    expect(await concurrency()).toBe(deployed);
  }, 60_000);

  it('that is killed stays in force, is alone, and is restored by --restore, once', async () => {
    const surge = start(...args);
    await isRaised();
    surge.kill('SIGKILL');
    await once(surge, 'close');

    expect(await concurrency()).toBe(raised);
    expect(await warren(...args, '--concurrency', '20')).toMatchObject({
      status: 2,
      said: expect.stringContaining('warren surge --restore'),
    });
    expect(await warren('surge', queue, '--restore')).toMatchObject({ status: 0, answer: { concurrency: 'restored' } });
    expect(await concurrency()).toBe(deployed);
    expect(await warren('surge', queue, '--restore')).toMatchObject({ status: 2 });
  }, 60_000);
});
