import pMap from 'p-map';
import { seededRandom } from '../../bin/warren/random.ts';
import { moveOrder } from '../../lambdas/shared/orders/move-order.ts';
import { overdueChange } from '../../lambdas/shared/orders/overdue-change.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { ordersOf } from '../../local/demo/place-order.ts';
import { isPaid } from '../../local/wechat-pay-simulator/books/order.ts';
import type { Books } from '../../local/wechat-pay-simulator/control/contract.ts';
import { badDay } from '../../local/wechat-pay-simulator/misbehaviour/misbehaviour.ts';
import { invoke } from '../support/invoke.ts';
import type { TestWechatPay } from '../support/wechat-pay.ts';
import { killAtRandom } from './kill-functions.ts';

/** What somebody does with an order. */
const fates = [
  'paid',
  'paid',
  'paid',
  'abandoned',
  'abandoned',
  'paid after it was closed here',
  'refunded in the portal',
] as const;
type Fate = (typeof fates)[number];

export interface BadDayOptions {
  readonly deployment: ExampleDeployment;
  readonly wechatPay: TestWechatPay;
  readonly orders: number;
  readonly seed: number;
  /** How long all may take to become right, once nothing goes wrong any more. */
  readonly withinMs: number;
}

export interface BadDayEnd {
  /** Orders that are not what WeChat Pay's books say, with both. */
  readonly differing: readonly {
    readonly out_trade_no: string;
    readonly fate: Fate;
    readonly here: string;
    readonly there: string;
  }[];
  readonly kills: number;
  /** Of callbacks and requests of the API, by what they were answered. */
  readonly callbacks: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
}

const total = 8800;
/** Payments of yesterday, so that its bill can be compared. */
const yesterday = () =>
  `${new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)}T12:00:00+08:00`;

const createdOf = (out_trade_no: string) => ({
  out_trade_no,
  state: 'PAYING' as const,
  version: 1,
  amount: { total, currency: 'CNY' },
  changed_at: new Date().toISOString(),
});

/**
 * Orders through a WeChat Pay that does everything wrong at once, while processes of the functions are killed. Afterwards it behaves, and the
 * schedules go on, until every order is what its books say or the time is over.
 */
export async function playBadDay({ deployment, wechatPay, orders, seed, withinMs }: BadDayOptions): Promise<BadDayEnd> {
  const random = seededRandom(seed);
  const { lambda, outputs } = deployment;
  const played = await pMap(
    Array.from({ length: orders }, () => fates[Math.floor(random() * fates.length)] ?? 'paid'),
    async (fate) => ({ fate, out_trade_no: await wechatPay.checkout(total) }),
    { concurrency: 4 },
  );
  await wechatPay.change({ misbehaviour: badDay(seed), settleAfterSeconds: 60 });
  const killing = killAtRandom(
    [
      outputs.WechatPayNotifyFunction,
      outputs.OrdersFunction,
      outputs.OrderTimeoutsFunction,
      outputs.RefundsFunction,
      outputs.ReconcileFunction,
    ],
    random,
  );
  await pMap(played, (one) => live(one), { concurrency: 8 });
  for (let rounds = 0; rounds < 3; rounds++) await goOn(played);
  await wechatPay.behave();
  await killing.stop();
  const deadline = Date.now() + withinMs;
  for (;;) {
    await goOn(played);
    const end = await compared();
    if (end.differing.length === 0 || Date.now() > deadline) return end;
  }

  async function live({ fate, out_trade_no }: { fate: Fate; out_trade_no: string }): Promise<void> {
    if (fate === 'abandoned') return timeIsOver([out_trade_no]);
    // Whoever closes here alone, or refunds in the portal, is not on anybody's agenda: a silence of these is the daily bill's to find.
    if (fate !== 'paid')
      await wechatPay.planCallbacks(out_trade_no, ['probe', 'forged', 'duplicate'], ['stale', 'duplicate']);
    if (fate === 'paid after it was closed here') {
      await moveOrder(overdueChange(createdOf(out_trade_no), new Date()), ordersOf(deployment));
    }
    const order = await wechatPay.pay(out_trade_no, { success_time: yesterday() });
    if (fate !== 'refunded in the portal' || !isPaid(order)) return;
    const refund = { transaction_id: order.state.payment.transaction_id, out_refund_no: `PORTAL-${out_trade_no}` };
    // Whoever clicks does so until it is done.
    for (let tries = 0; tries < 20; tries++) {
      const asked = await wechatPay
        .post('/v3/refund/domestic/refunds', {
          ...refund,
          notify_url: outputs.NotifyUrl,
          amount: { refund: total, total, currency: 'CNY' },
        })
        .then(
          () => true,
          () => false,
        );
      if (asked) return;
    }
  }

  /** What comes back when the time to pay is over; published again by whoever replays what died of an outage. */
  async function timeIsOver(out_trade_nos: readonly string[]): Promise<void> {
    const messages = out_trade_nos.map((out_trade_no) => ({
      exchange: '',
      routing_key: 'orders.timeouts',
      payload: JSON.stringify(createdOf(out_trade_no)),
    }));
    for (let at = 0; at < messages.length; at += 100) {
      await invoke(lambda, outputs.PublishFunction, { messages: messages.slice(at, at + 100) });
    }
  }

  /** What the schedules and on-call do, for a while. */
  async function goOn(all: readonly { fate: Fate; out_trade_no: string }[]): Promise<void> {
    for (let runs = 0; runs < 5; runs++) await invoke(lambda, outputs.ReconcileFunction, {});
    const waiting = await pMap(
      all.filter(({ fate }) => fate === 'abandoned'),
      async ({ out_trade_no }) => ({ out_trade_no, ...(await observeOrder(deployment, out_trade_no)) }),
      { concurrency: 16 },
    );
    await timeIsOver(waiting.filter(({ state }) => state === 'PAYING').map(({ out_trade_no }) => out_trade_no));
  }

  async function compared(): Promise<BadDayEnd> {
    const books = await wechatPay.books();
    const ours = await pMap(
      played,
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
    const numbers = new Set(played.map(({ out_trade_no }) => out_trade_no));
    const callbacks = books.callbacks.filter((one) => numbers.has(one.out_trade_no ?? ''));
    return {
      differing: ours.filter(({ here, there }) => here !== there),
      kills: killing.kills(),
      callbacks: counted(callbacks.flatMap(({ tries }) => tries.map(({ status }) => String(status)))),
      requests: counted(books.requests.map(({ status }) => String(status))),
      states: counted(ours.map(({ here }) => here)),
    };
  }
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
