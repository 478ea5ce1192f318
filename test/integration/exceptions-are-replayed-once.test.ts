import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import { createDynamoDbExceptions } from '../../lambdas/shared/exceptions/dynamodb-exceptions.ts';
import { createMessageExceptions } from '../../lambdas/shared/exceptions/message-exceptions.ts';
import type { PaymentSuccess } from '../../lambdas/shared/wechat-pay/payment-success.ts';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import type { Message } from '../../rabbitmq/message.ts';
import { noClaims } from '../support/no-claims.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { givenOrder, testDeployment } from '../support/test-deployment.ts';
import { CountingMeter, silentLog } from '../unit/lambdas/builders.ts';

const deployment = testDeployment();
const { endpoint, documents, outputs } = deployment;
const now = () => new Date();
const table = { table: outputs.ExceptionsTable, keepSeconds: 3600, now };
const exceptions = createDynamoDbExceptions(documents, { ...table, log: silentLog, meter: new CountingMeter() });
const store = createDynamoDbExceptionStore(documents, table);
const keep = createMessageExceptions({ claims: noClaims, exceptions });

const folder = mkdtempSync(path.join(tmpdir(), 'warren-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An error of a kind that no other test has: one fingerprint. */
function errorOfAKind(): Error {
  return Object.assign(new Error('the provider is down'), { name: `Provider${randomUUID().slice(0, 8)}Error` });
}

/** A payment that waits for a person, as its consumer would have left it. */
async function givenException(error: Error, payment?: PaymentSuccess): Promise<PaymentSuccess & { eventId: string }> {
  const body = payment ?? (await givenOrder(deployment));
  const eventId = randomUUID();
  const message: Message = {
    vhost: '/',
    exchange: 'payments',
    routingKeys: ['payment.success'],
    properties: { message_id: eventId },
    headers: {},
    payload: JSON.stringify(body),
    payloadEncoding: 'string',
    expiresAt: Date.now() - 1000,
  };
  await keep(message, { queue: { vhost: '/', name: 'orders.payments' }, reason: 'retention', error });
  return { ...body, eventId };
}

async function fingerprintOf(eventId: string): Promise<string> {
  for await (const { fingerprint } of store.find({ eventId })) return fingerprint;
  throw new Error(`no exception of ${eventId}`);
}

async function warren(...args: string[]) {
  const child = startWarren(endpoint, ['exceptions', ...args, '--json'], folder);
  const { status, stdout, stderr } = await finished(child);
  if (stdout === '') throw new Error(`no answer, status ${status}: ${stderr}`);
  return { status, stderr, answer: JSON.parse(stdout) };
}

const replay = (fingerprint: string, ...more: string[]) =>
  warren(
    'replay',
    '--stage',
    'local',
    '--fingerprint',
    fingerprint,
    '--reason',
    'repaired',
    '--yes',
    '--fresh-ttl',
    ...more,
  );

const paid = ['order.created', 'order.paid'];

describe('exceptions of one kind', () => {
  it('are replayed with one effect each, though their time to live is over, and resolved by their consumer', async () => {
    const error = errorOfAKind();
    const payments = await Promise.all(Array.from({ length: 30 }, () => givenException(error)));
    const fingerprint = await fingerprintOf(payments[0]?.eventId ?? '');

    const { status, answer, stderr } = await replay(fingerprint);

    expect(answer).toMatchObject({ ok: true, rows: 30, handled: 30, reasons: [] });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    for (const { out_trade_no, eventId } of payments) {
      expect(eventsOf(await observeOrder(deployment, out_trade_no))).toEqual(paid);
      for await (const row of store.find({ eventId })) expect(row.state).toBe('resolved');
    }
  });

  it('have no second effect when they are replayed again, and their rows tell of both', async () => {
    const payment = await givenException(errorOfAKind());
    const fingerprint = await fingerprintOf(payment.eventId);

    expect((await replay(fingerprint)).status).toBe(0);
    expect((await replay(fingerprint, '--state', 'resolved')).answer).toMatchObject({ rows: 1, handled: 1 });

    expect(eventsOf(await observeOrder(deployment, payment.out_trade_no))).toEqual(paid);
    const { answer } = await warren('show', '--stage', 'local', payment.eventId);
    expect(answer.rows).toMatchObject([{ state: 'resolved', history: [{ why: 'repaired' }, { why: 'repaired' }] }]);
  });

  it('are open again if their consumer rejects them still, and their letter is for a person', async () => {
    const payment = await givenOrder(deployment);
    const wrong = { ...payment, amount: { total: 1, currency: 'CNY' } } as PaymentSuccess;
    const { eventId } = await givenException(errorOfAKind(), wrong);

    await replay(await fingerprintOf(eventId));

    const { answer } = await warren('show', '--stage', 'local', eventId);
    expect(answer.rows).toMatchObject([{ state: 'open', reason: 'rejected', history: [{ why: 'repaired' }] }]);
    expect((await observeOrder(deployment, payment.out_trade_no)).state).toBe('PAYING');
  });

  it('are found by kind, queue and event, and discarded with a reason', async () => {
    const { eventId } = await givenException(errorOfAKind());
    const fingerprint = await fingerprintOf(eventId);
    const list = (...filters: string[]) => warren('list', '--stage', 'local', ...filters);

    expect((await list('--fingerprint', fingerprint)).answer).toMatchObject({
      total: 1,
      rows: [{ event_id: eventId }],
    });
    expect((await list('--event', eventId)).answer.total).toBe(1);
    expect((await list('--queue', 'orders.payments', '--fingerprint', fingerprint)).answer.total).toBe(1);
    expect((await list('--queue', 'ledger.entries', '--fingerprint', fingerprint)).answer.total).toBe(0);

    const args = ['--stage', 'local', '--fingerprint', fingerprint, '--reason', 'a test order'];
    expect((await warren('discard', ...args)).status).toBe(2);
    expect((await warren('discard', ...args, '--yes')).answer).toEqual({
      ok: true,
      discarded: 1,
      changed: 0,
    });
    expect((await list('--fingerprint', fingerprint, '--state', 'discarded')).answer.total).toBe(1);
  });
});
