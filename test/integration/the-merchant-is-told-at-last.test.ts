import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import type { ListedException } from '../../lambdas/shared/exceptions/exception-row.ts';
import { accountHint } from '../../local/deployment.ts';
import { eventually } from '../../local/eventually.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { notificationClient } from '../../local/merchant/notification-client.ts';
import { testAccount } from '../support/deployment-file.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { givenOrder, startSimulator, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { documents, endpoint, outputs } = deployment;
const merchant = notificationClient(merchantUrl());
const type = 'order.paid';
const store = createDynamoDbExceptionStore(documents, {
  table: outputs.ExceptionsTable,
  keepSeconds: 3600,
  now: () => new Date(),
});
const folder = mkdtempSync(path.join(tmpdir(), 'warren-webhook-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An order whose merchant refuses so many notifications of its payment. */
async function paidOrderRefused(times: number): Promise<string> {
  const simulator = await startSimulator(deployment);
  const { out_trade_no, transaction_id } = await givenOrder(deployment);
  await merchant.refuse({ out_trade_no, type, times });
  await simulator.notify({ out_trade_no, transaction_id, total: 8800 });
  return out_trade_no;
}

async function attemptsOf(out_trade_no: string) {
  return (await merchant.toldOf(out_trade_no)).filter((one) => one.type === type);
}

async function rowsOf(eventId: string): Promise<ListedException[]> {
  const rows: ListedException[] = [];
  for await (const row of store.find({ eventId })) rows.push(row);
  return rows;
}

/** As API Gateway is asked, by way of the emulator's address. */
function ask(
  out_trade_no: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status?: number; body: string }> {
  const { hostname, port } = new URL(endpoint);
  const { host, pathname } = new URL(outputs.OrderQueryUrl.replace(/%7B.*%7D|\{.*\}/, out_trade_no));
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: pathname, headers: { ...headers, host } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
    })
      .on('error', reject)
      .end();
  });
}

describe('a merchant that does not take the first three notifications of a payment', () => {
  it('is told by the fourth, under one id, and can verify it; asked, Warren says the same', async () => {
    const out_trade_no = await paidOrderRefused(3);

    await merchant.untilTold(out_trade_no, type);

    const attempts = await attemptsOf(out_trade_no);
    expect(attempts.map(({ answer, verified }) => [answer, verified])).toEqual([
      ...Array(3).fill([503, true]),
      [204, true],
    ]);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(1);
    expect(new Set(attempts.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const { status, body } = await ask(out_trade_no, accountHint(testAccount));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual(attempts[0]?.body);
    expect((await ask('NO-SUCH-ORDER', accountHint(testAccount))).status).toBe(404);
  });
});

describe('a merchant that takes no notification of a payment', () => {
  it('is one exception at the end of the schedule; replayed, the schedule begins anew and the merchant is told', async () => {
    const out_trade_no = await paidOrderRefused(6 + 2);
    const [first] = await eventually(
      () => attemptsOf(out_trade_no),
      ({ length }) => length >= 6,
      45_000,
    );
    const eventId = first?.id ?? '';
    const rows = await eventually(
      () => rowsOf(eventId),
      ({ length }) => length > 0,
      15_000,
    );
    expect(rows).toMatchObject([
      {
        state: 'open',
        reason: 'delivery_limit',
        business_key: `merchant-webhook:${out_trade_no}:PAID`,
        occurrences: 1,
      },
    ]);
    expect(await attemptsOf(out_trade_no)).toHaveLength(6);

    const which = ['--stage', 'local', '--event', eventId];
    const { stdout } = await finished(
      startWarren(endpoint, ['exceptions', 'replay', ...which, '--reason', 'it is back', '--yes', '--json'], folder),
    );
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, rows: 1 });
    await merchant.untilTold(out_trade_no, type);

    const attempts = await attemptsOf(out_trade_no);
    expect(attempts.map(({ answer }) => answer)).toEqual([...Array(8).fill(503), 204]);
    expect(new Set(attempts.map(({ id }) => id))).toEqual(new Set([eventId]));
    await eventually(
      () => rowsOf(eventId),
      ([row, ...others]) => others.length === 0 && row?.state === 'resolved',
      15_000,
    );
  });
});
