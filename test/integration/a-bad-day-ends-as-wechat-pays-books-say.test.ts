import { playBadDay } from '../reliability/bad-day.ts';
import { invoke } from '../support/invoke.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { testWechatPay } from '../support/wechat-pay.ts';

const deployment = testDeployment();
/** More of them for a measurement: ORDERS=2000. */
const orders = Number(process.env['ORDERS'] ?? 20);
const seed = Number(process.env['SEED'] ?? 7);
const withinMs = 120_000 + orders * 1_000;

describe(`${orders} orders on a bad day, with the functions killed at random`, () => {
  it(
    'end as WeChat Pay’s books say, each told of once, and its bill agrees',
    async () => {
      const wechatPay = await testWechatPay(deployment);

      const { differing, kills, ...counts } = await playBadDay({
        deployment,
        wechatPay,
        orders,
        seed,
        withinMs,
        tell: (progress) => void process.stderr.write(`… ${progress}\n`),
      });

      process.stderr.write(`${JSON.stringify({ orders, seed, kills, ...counts })}\n`);
      expect(differing).toEqual([]);
      expect(kills).toBeGreaterThan(0);
      await wechatPay.change({ bills: 'at-once' });
      const bill_date = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
      const { answer } = await invoke(deployment.lambda, deployment.outputs.DailyBillFunction, { bill_date });
      expect(answer).toMatchObject({ bill_date, differences: 0 });
    },
    2 * withinMs + 120_000,
  );
});
