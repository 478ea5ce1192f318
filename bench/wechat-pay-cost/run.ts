/**
 * What a notification that pays an order has our functions ask of AWS, and what a million of them cost by list prices:
 *
 *   npm run bench:wechat-pay-cost [-- --orders 40]     starts a local AWS of its own: stop yours first (npm stop)
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { itemBytes } from '../../lambdas/shared/outbox/item-size.ts';
import { connectExample, type ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { isRelayed, observeOrder } from '../../local/demo/observe-order.ts';
import { placeOrder } from '../../local/demo/place-order.ts';
import { deploy } from '../../local/deploy.ts';
import { type Emulator, ensureEmulator } from '../../local/emulator.ts';
import { eventually } from '../../local/eventually.ts';
import { ensureMerchant } from '../../local/merchant/merchant-process.ts';
import { depth } from '../../local/observe.ts';
import { paths } from '../../local/paths.ts';
import { step } from '../../local/progress.ts';
import { newTransactionId, startWechatPaySimulator } from '../../local/wechat-pay-simulator/simulator.ts';
import { ensureWechatPay } from '../../local/wechat-pay-simulator/simulator-process.ts';
import { putNode } from '../../test/support/recorded-calls.ts';
import { countCalls, type RecordedCall } from './count-calls.ts';
import { type Phase, report } from './report.ts';

const { values } = parseArgs({ options: { orders: { type: 'string', default: '40' } } });
const account = '000000000043';
const merchant = { mchid: '1900000001', appid: 'wx0000000000000001', amount_total: 8800 } as const;
const consumed = ['orders.payments', 'ledger.entries', 'order-cache.updates', 'fulfilment.requests'];
/** Run by the clock, whatever is paid. */
const scheduled = ['outbox-sweep', 'reconcile', 'on-call-watch', 'circuit-breaker', 'retention-sweep', 'daily-bill'];
const folder = path.join(paths.local, 'bench-calls');
const calls = path.join(folder, 'calls');

rmSync(folder, { recursive: true, force: true });
mkdirSync(calls, { recursive: true });
putNode(folder, path.join(import.meta.dirname, 'record-bodies.ts'));
const emulator = await step('local AWS is up', () =>
  ensureEmulator({ path: folder, variables: { BENCH_CALLS: calls } }),
);
if (!emulator.startedHere) throw new Error('a local AWS runs already, whose calls are not noted: npm stop ends it');
try {
  await main(await deployed(emulator));
} finally {
  await emulator.stop();
}

async function deployed(up: Emulator): Promise<ExampleDeployment> {
  const { endpoint } = up;
  const fulfilmentUrl = await ensureMerchant(up);
  const { url: wechatPayApi } = await ensureWechatPay(up);
  // Without a Valkey, as on AWS: the order cache is a table.
  const outputs = await step('stacks deployed', (note) =>
    deploy({ endpoint, account, stage: 'local', note, fulfilmentUrl, wechatPayApi }),
  );
  return connectExample(endpoint, outputs, account);
}

async function main(deployment: ExampleDeployment): Promise<void> {
  const { postNotification: post } = deployment;
  const simulator = await startWechatPaySimulator({
    ...deployment,
    post,
    timeScale: 0.01,
  });
  const pay = async (out_trade_no: string) => {
    const [answer] = await simulator.notify({ out_trade_no, transaction_id: newTransactionId(), total: 8800 });
    if (answer?.status !== 204) throw new Error(`${out_trade_no}: ${answer?.status}`);
  };
  const alone = await placed(deployment, 8);
  const together = await placed(deployment, Number(values.orders));
  const phases: Phase[] = [];
  phases.push(
    await measured('one at a time', alone, async () => {
      for (const one of alone) {
        await pay(one);
        await settled(deployment, [one]);
      }
    }),
  );
  phases.push(
    await measured(`${together.length} at once`, together, async () => {
      await whileOrdersWait(deployment, () => pMap(together, pay, { concurrency: 4 }));
      await settled(deployment, together);
    }),
  );
  process.stdout.write(`${report(phases, consumed)}\n`);

  async function measured(name: string, orders: readonly string[], work: () => Promise<void>): Promise<Phase> {
    const from = Date.now();
    await step(`${orders.length} orders paid, ${name}`, work);
    const recorded = recordedSince(from);
    return { name, orders: orders.length, ...countCalls(recorded, await sizes(deployment, recorded)) };
  }
}

/** What was told of them has been worked off. */
async function placed(deployment: ExampleDeployment, count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => `BENCH-${randomUUID().slice(0, 18)}`);
  for (const out_trade_no of numbers) await placeOrder(deployment, { ...merchant, out_trade_no });
  await settled(deployment, numbers, 'PAYING');
  return numbers;
}

async function settled(deployment: ExampleDeployment, orders: readonly string[], state = 'PAID'): Promise<void> {
  for (const one of orders) {
    const seen = await eventually(
      () => observeOrder(deployment, one),
      (order) => order.state === state && isRelayed(order),
      120_000,
    );
    if (seen.state !== state || !isRelayed(seen)) throw new Error(`${one} is ${seen.state}, and not ${state} and told`);
  }
  for (const queue of consumed) {
    const left = await eventually(
      () => depth(deployment.sqs, deployment.queueUrl(queue)),
      (messages) => messages === 0,
      120_000,
    );
    if (left !== 0) throw new Error(`${queue} still holds ${left} messages`);
  }
}

/** What is paid meanwhile is taken in full batches afterwards, as on a busy day. */
async function whileOrdersWait({ lambda, outputs }: ExampleDeployment, work: () => Promise<unknown>): Promise<void> {
  const { EventSourceMappings: [{ UUID } = {}] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: outputs.OrdersFunction }),
  );
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await work();
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
}

function recordedSince(from: number): RecordedCall[] {
  return readdirSync(calls)
    .flatMap((file) => readFileSync(path.join(calls, file), 'utf8').trim().split('\n'))
    .map((line): RecordedCall => JSON.parse(line))
    .filter(({ at, fn }) => at >= from && !scheduled.includes(fn));
}

async function sizes({ documents: client, outputs }: ExampleDeployment, recorded: readonly RecordedCall[]) {
  const tables = new Map(
    Object.entries(outputs)
      .filter(([name]) => name.endsWith('Table'))
      .map(([name, table]) => [table, name.replace(/Table$/, '')]),
  );
  const largest = new Map<string, number>();
  for (const TableName of tables.keys()) {
    if (!recorded.some(({ body }) => body.includes(TableName))) continue;
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
      largest.set(TableName, Math.max(largest.get(TableName) ?? 1, ...Items.map(itemBytes)));
    }
    process.stderr.write(`  ${tables.get(TableName)}: the largest item has ${largest.get(TableName)} bytes\n`);
  }
  return {
    largestItem: (table: string) => largest.get(table) ?? 1,
    nameOf: (target: string) => tables.get(target) ?? queueNameOf(target),
  };
}

/** `…/warren-local-orders-payments-1f2e3d4c5b` is the queue orders.payments. */
function queueNameOf(url: string): string {
  const name = url.split('/').at(-1) ?? '';
  return consumed.find((queue) => name.includes(queue.replace('.', '-'))) ?? name.replace(/^warren-local-/, '');
}
