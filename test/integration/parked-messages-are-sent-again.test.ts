import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetQueueAttributesCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import type { ListedException } from '../../lambdas/shared/exceptions/exception-row.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { givenOrder, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { endpoint, documents, outputs, sqs } = deployment;
const queue = 'orders.payments';
const url = deployment.queueUrl(queue);
const store = createDynamoDbExceptionStore(documents, {
  table: outputs.ExceptionsTable,
  keepSeconds: 3600,
  now: () => new Date(),
});

const folder = mkdtempSync(path.join(tmpdir(), 'warren-park-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (...args: string[]) => startWarren(endpoint, [...args, '--stage', 'local', '--json'], folder);

async function warren(...args: string[]) {
  const { status, stdout, stderr } = await finished(start(...args));
  if (stdout === '') throw new Error(`no answer, status ${status}: ${stderr}`);
  return { status, stderr, answer: JSON.parse(stdout) };
}

const park = ['exceptions', 'park', queue, '--reason', 'it is full', '--yes'];
const pause = () => warren('pause', 'orders', '--reason', 'a test', '--yes');
const resume = () => warren('resume', 'orders', '--reason', 'a test');

/** Payments that wait in the queue, with their event ids. */
async function givenPayments(count: number) {
  const payments = await pMap(Array.from({ length: count }), () => givenOrder(deployment), { concurrency: 8 });
  const events = payments.map((payment) => ({ payment, eventId: randomUUID() }));
  for (let at = 0; at < events.length; at += 100) {
    const messages = events.slice(at, at + 100).map(({ payment, eventId }) => ({
      exchange: '',
      routing_key: queue,
      properties: { message_id: eventId },
      payload: JSON.stringify(payment),
    }));
    await invoke(deployment.lambda, outputs.PublishFunction, { mode: 'confirm', messages });
  }
  return events;
}

type Events = Awaited<ReturnType<typeof givenPayments>>;

async function rowsOf(events: Events): Promise<ListedException[]> {
  const found = await pMap(
    events,
    async ({ eventId }) => {
      const rows: ListedException[] = [];
      for await (const row of store.find({ eventId })) rows.push(row);
      return rows;
    },
    { concurrency: 8 },
  );
  return found.flat();
}

async function waiting(): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes ?? {}).reduce((sum, one) => sum + Number(one), 0);
}

async function maxReceiveCount(): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['RedrivePolicy'] });
  const { Attributes } = await sqs.send(command);
  return Number(JSON.parse(Attributes?.['RedrivePolicy'] ?? '{}').maxReceiveCount);
}

let deployedLimit: number;
beforeAll(async () => {
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  deployedLimit = await maxReceiveCount();
});
afterEach(resume);

describe('messages that are parked', () => {
  it('leave their queue for rows that page nobody, each stored before it is deleted, although the command is killed', async () => {
    await pause();
    const events = await givenPayments(150);
    expect(await waiting()).toBe(150);

    const killed = start(...park, '--rate', '30', '--settle-seconds', '0');
    await eventually(waiting, (count) => count < 120, 30_000);
    killed.kill('SIGKILL');
    await finished(killed);
    const rows = await rowsOf(events);
    expect(rows.length + (await waiting())).toBeGreaterThanOrEqual(150);
    expect(rows.length).toBeLessThan(150);
    expect(await maxReceiveCount()).toBe(1000);

    const { status, answer } = await warren(...park, '--settle-seconds', '40');

    expect({ status, answer }).toMatchObject({ status: 0, answer: { ok: true, left: { visible: 0, inFlight: 0 } } });
    expect(await waiting()).toBe(0);
    expect(await maxReceiveCount()).toBe(deployedLimit);
    const parked = await rowsOf(events);
    expect(new Set(parked.map(({ event_id }) => event_id)).size).toBe(150);
    expect(new Set(parked.map(({ state, reason, occurrences }) => `${state} ${reason} ${occurrences}`))).toEqual(
      new Set(['parked parked 1']),
    );
    expect((await warren('audit', `queue ${queue}`)).answer.rows).toEqual(
      expect.arrayContaining([expect.objectContaining({ act: 'park', why: 'it is full' })]),
    );
    for (const { payment } of events.slice(0, 3))
      expect((await observeOrder(deployment, payment.out_trade_no)).state).toBe('PAYING');
  });

  it('are refused while their consumer may be handed them', async () => {
    const { status, stderr, answer } = await warren(...park);

    expect(status).toBe(2);
    expect(stderr).toContain("orders consumes 'orders.payments'");
    expect(answer).toHaveProperty('error');
  });
});
