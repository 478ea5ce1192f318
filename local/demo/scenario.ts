import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { PaymentSuccess } from '../../lambdas/shared/wechat-pay/payment-success.ts';
import type { Answer } from '../wechat-pay-simulator/deliver.ts';
import { asForgery, asProbe } from '../wechat-pay-simulator/sign.ts';
import { newTransactionId, type WechatPaySimulator } from '../wechat-pay-simulator/simulator.ts';
import type { ExampleDeployment } from './example-deployment.ts';
import { placeOrder } from './place-order.ts';

export const arrivalKinds = ['payment', 'probe', 'forgery', 'replay', 'wrong-amount'] as const;
export type ArrivalKind = (typeof arrivalKinds)[number];

/** What the demo did to one order, and what it was answered. */
export interface OrderStory {
  readonly out_trade_no: string;
  readonly total: number;
  readonly answers: Readonly<Record<ArrivalKind, readonly Answer[]>>;
  /** The order number of the poison message: an order that never was, so every try fails. */
  readonly poison: string;
}

export interface Demo {
  readonly deployment: ExampleDeployment;
  readonly simulator: WechatPaySimulator;
}

/** A shop's order, then everything that can come in for it, mixed. */
export async function playOrder(demo: Demo, out_trade_no: string, total: number): Promise<OrderStory> {
  const { deployment, simulator } = demo;
  const { mchid, appids } = simulator.keys.secret;
  await placeOrder(deployment, { out_trade_no, mchid, appid: appids[0] ?? '', amount_total: total });

  const payment = { out_trade_no, total, transaction_id: newTransactionId() };
  const body = simulator.notificationOf(payment);
  const poison = `${out_trade_no}-NEVER`;
  // The wrong amount comes first and the replay last, so that order of arrival helps nobody.
  const wrongAmount = await simulator.notify({ ...payment, total: total - 1 });
  const [probed, first, second, forged] = await Promise.all([
    simulator.notify(payment, (signed, attempt) => (attempt === 1 ? asProbe(signed) : signed)),
    simulator.post(simulator.sign(body)),
    simulator.post(simulator.sign(body)),
    simulator.post(asForgery(simulator.sign(body))),
    sendPoison(demo, { ...payment, out_trade_no: poison, transaction_id: newTransactionId() }),
  ]);
  await sleep(200);
  const third = await simulator.post(simulator.sign(body));
  const replay = await simulator.post(simulator.sign(body, new Date(Date.now() - 600_000)));
  return {
    out_trade_no,
    total,
    poison,
    answers: {
      payment: [first, second, third, ...probed.slice(1)],
      probe: probed.slice(0, 1),
      forgery: [forged],
      replay: [replay],
      'wrong-amount': wrongAmount,
    },
  };
}

/** Put on the queue by hand, past the ingress, as from the AWS console. */
async function sendPoison(
  { deployment, simulator }: Demo,
  { out_trade_no, transaction_id, total }: { out_trade_no: string; transaction_id: string; total: number },
): Promise<void> {
  const { mchid, appids } = simulator.keys.secret;
  const payment: PaymentSuccess = {
    mchid,
    appid: appids[0] ?? '',
    out_trade_no,
    transaction_id,
    trade_state: 'SUCCESS',
    success_time: new Date().toISOString(),
    amount: { total, currency: 'CNY' },
  };
  await deployment.sqs.send(
    new SendMessageCommand({ QueueUrl: deployment.queueUrl('orders.payments'), MessageBody: JSON.stringify(payment) }),
  );
}
