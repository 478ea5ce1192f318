import { randomUUID } from 'node:crypto';
import type { Items } from '../../lambdas/shared/orders/items.ts';
import type { PaymentSuccess } from '../../lambdas/shared/wechat-pay/payment-success.ts';
import { connectExample, type ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { placeOrder } from '../../local/demo/place-order.ts';
import { paths } from '../../local/paths.ts';
import { readMerchantKeys } from '../../local/wechat-pay-simulator/merchant-keys.ts';
import {
  newTransactionId,
  startWechatPaySimulator,
  type WechatPaySimulator,
} from '../../local/wechat-pay-simulator/simulator.ts';
import { readDeployment, testAccount } from './deployment-file.ts';

export function testDeployment(): ExampleDeployment {
  const { endpoint, outputs } = readDeployment();
  return connectExample(endpoint, outputs, testAccount);
}

export function startSimulator(deployment: ExampleDeployment): Promise<WechatPaySimulator> {
  return startWechatPaySimulator({
    secretsManager: deployment.secretsManager,
    outputs: deployment.outputs,
    post: deployment.postNotification,
    timeScale: 0.01,
    // Functions ask the WeChat Pay that runs: it knows no other merchant.
    keys: readMerchantKeys(paths.simulatorKeys),
  });
}

export const merchant = { mchid: '1900000001', appid: 'wx0000000000000001' } as const;

/** An order that waits for ¥88, and the payment that fits it. */
export async function givenOrder(deployment: ExampleDeployment, total = 8800, items?: Items): Promise<PaymentSuccess> {
  const payment = paymentOf(`T-${randomUUID().slice(0, 18)}`, total);
  await placeOrder(deployment, { ...merchant, out_trade_no: payment.out_trade_no, amount_total: total, items });
  return payment;
}

export function paymentOf(out_trade_no: string, total = 8800): PaymentSuccess {
  return {
    ...merchant,
    out_trade_no,
    transaction_id: newTransactionId(),
    trade_state: 'SUCCESS',
    success_time: '2026-11-23T10:00:00+08:00',
    amount: { total, currency: 'CNY' },
  };
}
