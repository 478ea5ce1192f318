import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetQueueAttributesCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import type { ListedException } from '../../lambdas/shared/exceptions/exception-row.ts';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
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
const typed = '--queue orders.payments --settle-seconds 150 --yes'.split(' ');
const replay = ['exceptions', 'replay', '--state', 'parked', '--reason', 'there is room', ...typed];
/** The machine may be busy. */
const patienceMs = 240_000;
const paid = ['order.created', 'order.paid'];
const pause = () => warren('pause', 'orders', '--reason', 'a test', '--yes');
const resume = () => warren('resume', 'orders', '--reason', 'a test');

/** Payments that wait in the queue, with their event ids. */
async function givenPayments(count: number, expiration?: string) {
  const payments = await pMap(Array.from({ length: count }), () => givenOrder(deployment), { concurrency: 8 });
  const events = payments.map((payment) => ({ payment, eventId: randomUUID() }));
  for (let at = 0; at < events.length; at += 100) {
    const messages = events.slice(at, at + 100).map(({ payment, eventId }) => ({
      exchange: '',
      routing_key: queue,
      properties: { message_id: eventId, ...(expiration !== undefined && { expiration }) },
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
  deployedLimit = await maxReceiveCount();
});
/** What another test has left, or one that was given up. */
beforeEach(async () => {
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  const left = ['--state', 'parked', '--queue', queue, '--reason', 'a test begins', '--yes'];
  await finished(start('exceptions', 'discard', ...left));
}, patienceMs);
afterEach(resume, patienceMs);

describe('messages that are parked', () => {
  it(
    'leave their queue for rows that page nobody, each stored before it is deleted, although the command is killed',
    async () => {
      await pause();
      const events = await givenPayments(90);
      expect(await waiting()).toBe(90);

      const killed = start(...park, '--rate', '15', '--settle-seconds', '0');
      await eventually(waiting, (count) => count < 70, 60_000);
      killed.kill('SIGKILL');
      await finished(killed);
      const rows = await rowsOf(events);
      expect(rows.length + (await waiting())).toBeGreaterThanOrEqual(90);
      expect(rows.length).toBeLessThan(90);
      expect(await maxReceiveCount()).toBe(1000);

      const { status, answer } = await warren(...park, '--settle-seconds', '40');

      expect({ status, answer }).toMatchObject({ status: 0, answer: { ok: true, left: { visible: 0, inFlight: 0 } } });
      expect(await waiting()).toBe(0);
      expect(await maxReceiveCount()).toBe(deployedLimit);
      const parked = await rowsOf(events);
      expect(new Set(parked.map(({ event_id }) => event_id)).size).toBe(90);
      expect(new Set(parked.map(({ state, reason, occurrences }) => `${state} ${reason} ${occurrences}`))).toEqual(
        new Set(['parked parked 1']),
      );
      expect((await warren('audit', `queue ${queue}`)).answer.rows).toEqual(
        expect.arrayContaining([expect.objectContaining({ act: 'park', why: 'it is full' })]),
      );
      for (const { payment } of events.slice(0, 3))
        expect((await observeOrder(deployment, payment.out_trade_no)).state).toBe('PAYING');
      await resume();
      expect((await warren(...replay)).answer).toMatchObject({ ok: true, rows: 90, handled: 90 });
    },
    patienceMs,
  );

  it(
    'have one effect each when they are sent again, and sent again once more',
    async () => {
      await pause();
      const events = await givenPayments(30);
      await warren(...park, '--settle-seconds', '0');
      await resume();

      const first = await warren(...replay);

      expect(first).toMatchObject({ status: 0, answer: { ok: true, reasons: [] } });
      expect(new Set((await rowsOf(events)).map(({ state }) => state))).toEqual(new Set(['resolved']));
      const [{ eventId = '' } = {}] = events;
      const again = ['exceptions', 'replay', '--state', 'resolved', '--event', eventId, '--reason', 'x', '--yes'];
      expect((await warren(...again)).answer).toMatchObject({ ok: true, handled: 1 });
      for (const { payment } of events)
        expect(eventsOf(await observeOrder(deployment, payment.out_trade_no))).toEqual(paid);
    },
    patienceMs,
  );

  it(
    'come back from an export when the table has lost them, once, however often it is imported',
    async () => {
      await pause();
      const events = await givenPayments(20);
      await warren(...park, '--settle-seconds', '0');
      await warren('exceptions', 'export', 'parked.jsonl', '--state', 'parked', '--queue', queue);
      for (const { event_id, source } of await rowsOf(events))
        await documents.send(new DeleteCommand({ TableName: outputs.ExceptionsTable, Key: { event_id, source } }));
      expect(await rowsOf(events)).toEqual([]);
      const importing = ['exceptions', 'import', 'parked.jsonl', '--reason', 'the table was lost', '--yes'];

      expect((await warren(...importing)).answer).toEqual({ ok: true, rows: 20, restored: 20, present: 0 });
      expect((await warren(...importing)).answer).toEqual({ ok: true, rows: 20, restored: 0, present: 20 });
      await resume();
      expect((await warren(...replay)).answer).toMatchObject({ ok: true, rows: 20, handled: 20 });
      // They are resolved, and stay so.
      expect((await warren(...importing)).answer).toMatchObject({ restored: 0, present: 20 });
      const nothing = await finished(start(...replay));
      expect([nothing.status, nothing.stderr]).toEqual([2, expect.stringContaining('no exception is parked')]);

      for (const { payment } of events)
        expect(eventsOf(await observeOrder(deployment, payment.out_trade_no))).toEqual(paid);
    },
    patienceMs,
  );

  it(
    'are not sent again without a choice when they have expired, and are handled with their whole time',
    async () => {
      await pause();
      const events = await givenPayments(3, '1000');
      await warren(...park, '--settle-seconds', '0');
      const refused = await finished(start(...replay));
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('3 messages of 3 have expired')]);
      expect(await waiting()).toBe(0);

      await resume();
      expect((await warren(...replay, '--fresh-ttl')).answer).toMatchObject({ ok: true, handled: 3 });

      for (const { payment } of events)
        expect(eventsOf(await observeOrder(deployment, payment.out_trade_no))).toEqual(paid);
    },
    patienceMs,
  );

  it(
    'are refused while their consumer may be handed them',
    async () => {
      const { status, stderr, answer } = await warren(...park);

      expect(status).toBe(2);
      expect(stderr).toContain("orders consumes 'orders.payments'");
      expect(answer).toHaveProperty('error');
    },
    patienceMs,
  );
});
