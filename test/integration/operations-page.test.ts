import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { eventually } from '../../local/eventually.ts';
import { refundsOf } from '../support/refunds.ts';
import { type Finished, finished, startWarren } from '../support/run-warren-process.ts';
import { givenOrder, merchant, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { endpoint, documents, outputs, queueUrl, sqs } = deployment;
const folder = mkdtempSync(path.join(tmpdir(), 'warren-operations-'));
afterAll(() => rmSync(folder, { recursive: true }));
const page = readFileSync(path.join(import.meta.dirname, '../../docs/operations.md'), 'utf8');

/** A line of one of the page's blocks, on the stage of the tests. */
const commands = [...page.matchAll(/^```sh\n(.*?)^```$/gms)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => line !== '' && !line.startsWith('#'))
  // All day but for a minute: nobody waits here for the night.
  .map((line) => line.replace('--stage prod', '--stage local').replace('--window 01:00-06:00', '--window 00:00-23:59'));

/** As the page names it. */
const eventId = '019e8f1c-2d4b-7a60-9c35-4f1b8e7a6d20';
const exceptionKey = { event_id: eventId, source: "queue 'analytics.orders'" };

/** What its commands need to be there, by how they begin. */
const given: Readonly<Record<string, () => Promise<void>>> = {
  'npx warren exceptions acknowledge': noticedException,
  'npx warren exceptions park unrouted': unroutedMessage,
  'npx warren exceptions park': waitingPayment,
  // What the command before has left.
  'npx warren exceptions replay --stage local --state parked': async () => {},
  'npx warren exceptions import': async () => {},
  'npx warren exceptions replay --stage local --state recorded': expiredException,
  'npx warren exceptions': openException,
  'npx warren surge --restore': killedSurge,
  'npx warren refunds request': paidOrder,
  'npx warren orders show': paidOrder,
  'npx warren refunds withdraw': requestedRefund,
};

/** These go on until somebody presses Ctrl-C. */
const untilInterrupted = [/^npx warren tail (?!.*--once)/, /^npx warren surge (?!.*(--until-drained|--restore))/];

/** No table moves on the stage of the tests: these say so, and do nothing. */
const refused = [/^npx warren tables (start|next|back|compare) /];

/** As a shell would, without its variables and patterns: the page has none. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

async function hasYes(args: readonly string[]): Promise<boolean> {
  const subcommands = args.filter((arg) => /^[a-z-]+$/.test(arg) && !arg.startsWith('-')).slice(0, 2);
  const { stdout } = await finished(startWarren(endpoint, [...subcommands, '--help']));
  return stdout.includes('--yes');
}

/** Nobody sits at a terminal here to be asked. */
async function run(line: string): Promise<Finished> {
  const [, , ...args] = wordsOf(line);
  const child = startWarren(endpoint, (await hasYes(args)) ? [...args, '--yes'] : args, folder);
  const ended = finished(child);
  if (untilInterrupted.some((pattern) => pattern.test(line)) && child.stdout) {
    await once(child.stdout, 'readable');
    child.kill('SIGINT');
  }
  return ended;
}

/** The one that the page talks of, for a queue that no consumer reads. */
async function openException(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const time = new Date().toISOString();
  const envelope = {
    version: 1,
    vhost: '/',
    exchange: 'orders',
    routing_keys: ['order.closed'],
    properties: { message_id: eventId },
    headers: {},
    body: 'text',
  };
  await documents.send(
    new PutCommand({
      TableName: outputs.ExceptionsTable,
      Item: {
        event_id: eventId,
        source: "queue 'analytics.orders'",
        place: "queue 'analytics.orders'",
        queue: { vhost: '/', name: 'analytics.orders' },
        state: 'open',
        reason: 'retention',
        error_name: 'ProviderError',
        error_message: 'the provider is down',
        fingerprint: '0123456789ab',
        occurrences: 1,
        version: 1,
        created_at: time,
        last_at: time,
        body: '{"closed":true}',
        amqp: JSON.stringify(envelope),
        ...changes,
      },
    }),
  );
}

/** As the page numbers it; each time by another payment, of which nothing was sent back yet. */
async function paidOrder(): Promise<void> {
  const item = {
    ...merchant,
    out_trade_no: '20261123000042',
    amount_total: 8800,
    currency: 'CNY',
    state: 'PAID',
    transaction_id: randomUUID().replaceAll('-', ''),
    paid_at: '2026-11-23T10:00:00+08:00',
  };
  await documents.send(new PutCommand({ TableName: outputs.OrdersTable, Item: item }));
}

/** Nobody has asked WeChat Pay for it yet. */
async function requestedRefund(): Promise<void> {
  const Key = { transaction_id: randomUUID().replaceAll('-', ''), out_refund_no: 'OP019e8f1c2d4b7a609c354f1b8e7a6d20' };
  const row = {
    ...Key,
    out_trade_no: '20261123000042',
    refund: 800,
    total: 8800,
    currency: 'CNY',
    state: 'REQUESTED',
    reason: 'a test',
    // Its turn with reconcile is far off.
    requested_at: new Date(Date.now() + 3_600_000).toISOString(),
  } as const;
  await refundsOf(deployment).settle(undefined, row);
}

/** Nobody has handled it in time. */
function expiredException(): Promise<void> {
  return openException({ event_id: 'e419', state: 'recorded', reason: 'expired', error_name: 'ExpiredError' });
}

/** On-call was told of it. */
async function noticedException(): Promise<void> {
  // What an earlier run has acknowledged is not told again within the hour.
  await documents.send(new DeleteCommand({ TableName: outputs.ExceptionsTable, Key: exceptionKey }));
  await documents.send(new DeleteCommand({ TableName: outputs.NoticesTable, Key: { fingerprint: '0123456789ab' } }));
  await openException();
  const { Item } = await eventually(
    () => documents.send(new GetCommand({ TableName: outputs.NoticesTable, Key: { fingerprint: '0123456789ab' } })),
    (answer) => answer.Item?.['alerted_at'] !== undefined,
    60_000,
  );
  expect(Item).toBeDefined();
}

/** In the queue of a consumer that is paused, where an earlier command has left it so. */
async function waitingPayment(): Promise<void> {
  // What is parked already would be sent again by the command after it.
  const left = 'exceptions discard --state parked --queue orders.payments --reason test --stage local --yes'.split(' ');
  await finished(startWarren(endpoint, left));
  // One that its consumer will not reject: its row would be open again.
  const payment = await givenOrder(deployment);
  const sent = { QueueUrl: queueUrl('orders.payments'), MessageBody: JSON.stringify(payment) };
  await sqs.send(new SendMessageCommand(sent));
}

async function unroutedMessage(): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('unrouted'), MessageBody: '{"nobody":"wanted it"}' }));
}

async function killedSurge(): Promise<void> {
  const args = '--concurrency 20 --stage local --reason test --yes'.split(' ');
  const surge = startWarren(endpoint, ['surge', 'orders.payments', ...args]);
  const isRaised = await eventually(
    async () => (await finished(startWarren(endpoint, ['queues', '--stage', 'local']))).stdout,
    (stdout) => stdout.includes('orders Enabled, up to 20 at once*'),
    30_000,
  );
  surge.kill('SIGKILL');
  await once(surge, 'close');
  expect(isRaised).toContain('up to 20 at once*');
}

describe('each command of docs/operations.md', () => {
  it('is one of the command line, for prod', () => {
    expect(commands.length).toBeGreaterThan(8);
    expect(commands.filter((line) => !/^npx warren .*--stage local/.test(line))).toEqual([]);
  });

  it.each(commands)(
    'does what it says: %s',
    async (line) => {
      const [, arrange] = Object.entries(given).find(([start]) => line.startsWith(start)) ?? [];
      await arrange?.();

      const { status, stdout, stderr } = await run(line);

      if (refused.some((pattern) => pattern.test(line))) {
        expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('no table move is declared') });
        return;
      }
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('warren:') });
      expect(stdout).not.toBe('');
    },
    90_000,
  );
});
