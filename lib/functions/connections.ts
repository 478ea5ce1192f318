import type { ConsumerName } from '../consumers.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
// worked example
import { connectFulfilment } from './fulfilment.ts';
// worked example
import { connectLedger } from './ledger.ts';
// worked example
import { connectMerchantWebhook } from './merchant-webhook.ts';
// worked example
import { connectOrderCache } from './order-cache.ts';
// worked example
import { connectOrderSaga } from './order-saga.ts';
// worked example
import { connectOrderTimeouts } from './order-timeouts.ts';
// worked example
import { connectOrders } from './orders.ts';
// worked example
import { connectReconcile } from './reconcile.ts';
// worked example
import { connectRefundDesk, refundDesk } from './refund-desk.ts';
// worked example
import { connectRefunds } from './refunds.ts';
// worked example
import { connectStock } from './stock.ts';
// worked example
import { connectWechatPayNotify } from './wechat-pay-notify.ts';

/** Makes a function, with what it needs besides what all of its kind need. */
export type Connect = (stack: StatelessStack, stateful: StatefulStack) => void;

/** Of each consumer in `lib/consumers.ts`; it is called when the deployed topology has its queue. */
export const connections: Readonly<Record<ConsumerName, Connect>> = {
  // worked example
  ledger: connectLedger,
  // worked example
  orders: connectOrders,
  // worked example
  'order-timeouts': connectOrderTimeouts,
  // worked example
  refunds: connectRefunds,
  // worked example
  'order-cache': connectOrderCache,
  // worked example
  fulfilment: connectFulfilment,
  // worked example
  stock: connectStock,
  // worked example
  'order-saga': connectOrderSaga,
  // worked example
  'merchant-webhook': connectMerchantWebhook,
};

/** Of each function in `lib/publishers.ts` that consumes nothing; it is called when that says the function is deployed. */
export const publisherConnections: Readonly<Record<string, Connect>> = {
  // worked example
  'wechat-pay-notify': connectWechatPayNotify,
  // worked example
  reconcile: connectReconcile,
  // worked example
  [refundDesk]: connectRefundDesk,
};
