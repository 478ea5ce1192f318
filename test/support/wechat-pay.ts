import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpFetch } from '../../lambdas/shared/http/http-fetch.ts';
import type { Items } from '../../lambdas/shared/orders/items.ts';
import { createApiCall } from '../../lambdas/shared/wechat-pay/api/call.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { paths } from '../../local/paths.ts';
import { readMerchantKeys } from '../../local/wechat-pay-simulator/merchant-keys.ts';
import { notifyThrough } from '../../local/wechat-pay-simulator/notify-through.ts';
import { type SimulatorClient, simulatorClient } from '../../local/wechat-pay-simulator/simulator-client.ts';
import { wechatPayUrl } from '../../local/wechat-pay-simulator/simulator-process.ts';
import { testAccount } from './deployment-file.ts';
import { givenOrder, merchant } from './test-deployment.ts';

/** The WeChat Pay that the deployed functions ask, and a shop that sells by it. */
export interface TestWechatPay extends SimulatorClient {
  /** An order here and there: somebody may pay it. */
  checkout(total?: number, items?: Items): Promise<string>;
  /** What the shop asks itself, signed as it must be. */
  post(target: string, body: object): Promise<unknown>;
}

export async function testWechatPay(deployment: ExampleDeployment): Promise<TestWechatPay> {
  const { secret, merchantKey } = readMerchantKeys(paths.simulatorKeys);
  const client = simulatorClient(wechatPayUrl());
  await notifyThrough(deployment.endpoint, testAccount);
  await client.change({ settleAfterSeconds: null });
  await client.behave();
  const call = createApiCall({
    baseUrl: wechatPayUrl(),
    merchantSecret: async () => secret,
    merchantKey: async () => merchantKey,
    fetch: createHttpFetch({ timeoutMs: 10_000, mostAnswerBytes: 100_000 }),
    now: () => new Date(),
    newNonce: () => randomBytes(16).toString('hex'),
    random: Math.random,
    sleep: (milliseconds) => sleep(milliseconds),
  });
  const notify_url = deployment.outputs.NotifyUrl;
  const post = async (target: string, body: object): Promise<unknown> =>
    JSON.parse(String(await call({ what: `POST ${target}`, method: 'POST', target, body })) || 'null');
  return {
    ...client,
    post,
    async checkout(total = 8800, items) {
      const { out_trade_no } = await givenOrder(deployment, total, items);
      const amount = { total, currency: 'CNY' };
      const description = 'a test';
      await post('/v3/pay/transactions/native', { ...merchant, out_trade_no, description, notify_url, amount });
      return out_trade_no;
    },
  };
}
