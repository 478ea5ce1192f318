import { setTimeout as sleep } from 'node:timers/promises';
import { stageDocuments } from '../../bin/warren/stage/stage-documents.ts';
import { isUnavailable } from '../../lambdas/shared/consumer/unavailable.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { connectExample, type ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { observeOrder, paymentsOf } from '../../local/demo/observe-order.ts';
import { deploy } from '../../local/deploy.ts';
import { eventually } from '../../local/eventually.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { notificationUrl } from '../../local/merchant/notification-client.ts';
import { depth } from '../../local/observe.ts';
import { paths } from '../../local/paths.ts';
import { giveSecrets } from '../../local/wechat-pay-simulator/give-secrets.ts';
import { readMerchantKeys } from '../../local/wechat-pay-simulator/merchant-keys.ts';
import type { WechatPaySimulator } from '../../local/wechat-pay-simulator/simulator.ts';
import { wechatPayUrl } from '../../local/wechat-pay-simulator/simulator-process.ts';
import { allItems } from '../support/all-items.ts';
import { deleteStacks } from '../support/delete-stacks.ts';
import { readDeployment } from '../support/deployment-file.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { givenOrder, startSimulator } from '../support/test-deployment.ts';

/** Of its own: what the other tests write is on no move. */
const account = '000000000047';
const { endpoint } = readDeployment();

describe('orders and ledger of a stage that move to another key while orders are paid', () => {
  let deployment: ExampleDeployment;
  let simulator: WechatPaySimulator;
  let tables: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const stacks = await deploy({
      endpoint,
      account,
      stage: 'local',
      app: 'node test/support/moving-tables-app.ts',
      fulfilmentUrl: merchantUrl(),
      merchantWebhook: notificationUrl(merchantUrl()),
      wechatPayApi: wechatPayUrl(),
    });
    tables = Object.assign({}, ...Object.values(stacks));
    const config = clientConfig(endpoint, account);
    deployment = { ...connectExample(endpoint, stacks, account), documents: stageDocuments({ config, all: tables }) };
    await giveSecrets(deployment, readMerchantKeys(paths.simulatorKeys));
    simulator = await startSimulator(deployment);
  });

  afterAll(() => deleteStacks(endpoint, account, ['warren-local-stateless', 'warren-local-queues-1']));

  it('are at their targets in the end, every order PAID once, and its entry in the ledger too', async () => {
    const orders: string[] = [];
    let isOver = false;
    const shop = (async () => {
      while (!isOver) {
        const out_trade_no = await placed();
        await simulator.notify({ out_trade_no, total: 8800 });
        orders.push(out_trade_no);
        await sleep(500);
      }
    })();

    /** A shop tries again, too, while writes are closed. */
    async function placed(): Promise<string> {
      for (;;) {
        try {
          return (await givenOrder(deployment)).out_trade_no;
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          await sleep(500);
        }
      }
    }

    for (const act of ['start', 'next', 'next', 'compare', 'next']) {
      const ended = await Promise.all(['Orders', 'Ledger'].map((table) => warren(act, table)));
      expect(ended).toEqual([expect.objectContaining({ status: 0 }), expect.objectContaining({ status: 0 })]);
    }
    isOver = true;
    await shop;

    const seen = await eventually(
      () => Promise.all(orders.map((one) => observeOrder(deployment, one))),
      (all) => all.every(({ state }) => state === 'PAID'),
      120_000,
    );
    expect(seen.map((one) => [one.state, paymentsOf(one)])).toEqual(orders.map(() => ['PAID', 1]));
    const paid = new Map(orders.map((one) => [one, 'PAID']));
    const inLedger = await eventually(
      () => statesIn('LedgerByKeyTable'),
      (states) => [...states.values()].every((state) => state === 'PAID') && states.size === paid.size,
      60_000,
    );
    expect(inLedger).toEqual(paid);
    expect(await statesIn('OrdersByKeyTable')).toEqual(paid);
    const deadLetters = ['orders.payments', 'ledger.entries'].map((queue) => deployment.deadLetterQueueUrl(queue));
    expect(await Promise.all(deadLetters.map((url) => depth(deployment.sqs, url)))).toEqual([0, 0]);
  }, 420_000);

  async function warren(act: string, table: string) {
    const args = ['tables', act, table, '--stage', 'local', '--reason', 'a test', '--yes'];
    return finished(startWarren(endpoint, args, undefined, account));
  }

  /** What is there itself, wherever the stage has its tables. */
  async function statesIn(output: string): Promise<ReadonlyMap<string, string>> {
    const items = await allItems(deployment.documents, tables[output] ?? '');
    return new Map(items.map((item) => [item['out_trade_no'], item['state']]));
  }
});
