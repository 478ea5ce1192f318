import pMap from 'p-map';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { isPaid } from '../../local/wechat-pay-simulator/books/order.ts';
import type { Books } from '../../local/wechat-pay-simulator/control/contract.ts';
import type { TestWechatPay } from '../support/wechat-pay.ts';

/** Of every order, in 分. */
export const total = 8800;

/** What somebody does with an order. */
export const fates = [
  'paid',
  'paid',
  'paid',
  'abandoned',
  'abandoned',
  'paid after it was closed here',
  'refunded in the portal',
] as const;

export interface Played {
  readonly fate: (typeof fates)[number];
  readonly out_trade_no: string;
}

export interface Compared {
  /** Orders that are not what WeChat Pay's books say, with both. */
  readonly differing: readonly (Played & { readonly here: string; readonly there: string })[];
  /** Of callbacks and requests of the API, by what they were answered. */
  readonly callbacks: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
}

/** Some orders as they are here, and as WeChat Pay's books have them. */
export async function compareWithBooks(
  some: readonly Played[],
  { deployment, wechatPay }: { readonly deployment: ExampleDeployment; readonly wechatPay: TestWechatPay },
): Promise<Compared> {
  const books = await wechatPay.books();
  const ours = await pMap(
    some,
    async (one) => {
      const { state = 'none', outbox } = await observeOrder(deployment, one.out_trade_no);
      const told = outbox.map(({ event }) => event);
      const doubled = told.length - new Set(told).size;
      return {
        ...one,
        here: doubled > 0 ? `${state}, told ${doubled} times too often` : state,
        there: stateIn(books, one.out_trade_no),
      };
    },
    { concurrency: 16 },
  );
  const numbers = new Set(some.map(({ out_trade_no }) => out_trade_no));
  const callbacks = books.callbacks.filter((one) => numbers.has(one.out_trade_no ?? ''));
  return {
    differing: ours.filter(({ here, there }) => here !== there),
    callbacks: counted(callbacks.flatMap(({ tries }) => tries.map(({ status }) => String(status)))),
    requests: counted(books.requests.map(({ status }) => String(status))),
    states: counted(ours.map(({ here }) => here)),
  };
}

/** What an order is to be here, by WeChat Pay's books. */
function stateIn({ orders, refunds }: Books, out_trade_no: string): string {
  const order = orders.find(({ terms }) => terms.out_trade_no === out_trade_no);
  if (!order) return 'none';
  if (!isPaid(order)) return order.state.trade_state === 'CLOSED' ? 'CLOSED' : 'PAYING';
  const ofIt = refunds.filter((one) => one.out_trade_no === out_trade_no);
  const back = ofIt.filter(({ status }) => status === 'SUCCESS').reduce((sum, { amount }) => sum + amount.refund, 0);
  if (back === total) return 'REFUNDED';
  // Ours are asked for because the order must not be paid: whatever becomes of them, its money is due.
  return ofIt.some(({ out_refund_no }) => out_refund_no.startsWith('WR')) ? 'REFUNDING' : 'PAID';
}

function counted(all: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(all, (one) => one)].map(([one, same]) => [one, same.length]).sort());
}
