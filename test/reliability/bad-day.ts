import pMap from 'p-map';
import { seededRandom } from '../../bin/warren/random.ts';
import { moveOrder } from '../../lambdas/shared/orders/move-order.ts';
import { overdueChange } from '../../lambdas/shared/orders/overdue-change.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { ordersOf } from '../../local/demo/place-order.ts';
import { isPaid } from '../../local/wechat-pay-simulator/books/order.ts';
import { badDay } from '../../local/wechat-pay-simulator/misbehaviour/misbehaviour.ts';
import { invoke } from '../support/invoke.ts';
import type { TestWechatPay } from '../support/wechat-pay.ts';
import { type Compared, compareWithBooks, fates, type Played, total } from './compare-with-books.ts';
import { killAtRandom } from './kill-functions.ts';

export interface BadDayOptions {
  readonly deployment: ExampleDeployment;
  readonly wechatPay: TestWechatPay;
  readonly orders: number;
  readonly seed: number;
  /** How long all may take to become right, once nothing goes wrong any more. */
  readonly withinMs: number;
  /** Of how far it is. */
  readonly tell: (progress: string) => void;
}

export type BadDayEnd = Compared & { readonly kills: number };

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

/** Orders that are paid, or not, at the same time: more of them, each told of again and again, would only wait for each other. */
const inOneWave = 40;

/**
 * Orders through a WeChat Pay that does everything wrong at once, while processes of the functions are killed, wave after wave. Afterwards it
 * behaves, and the schedules go on, until every order is what its books say or the time is over.
 */
export async function playBadDay(options: BadDayOptions): Promise<BadDayEnd> {
  const { deployment, wechatPay, orders, seed, withinMs, tell } = options;
  const random = seededRandom(seed);
  const { lambda, outputs } = deployment;
  const played: Played[] = [];
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
    { least: 500, most: 4_000 },
  );
  while (played.length < orders) {
    const wave = await pMap(
      Array.from(
        { length: Math.min(inOneWave, orders - played.length) },
        () => fates[Math.floor(random() * fates.length)] ?? 'paid',
      ),
      async (fate) => ({ fate, out_trade_no: await checkout() }),
      { concurrency: 4 },
    );
    await pMap(wave, (one) => live(one), { concurrency: 8 });
    await goOn(wave);
    played.push(...wave);
    tell(`${played.length} orders of ${orders} were played, ${killing.kills()} processes killed`);
  }
  await wechatPay.behave();
  await killing.stop();
  const deadline = Date.now() + withinMs;
  let left: readonly Played[] = played;
  for (;;) {
    await goOn(left);
    left = (await compareWithBooks(left, options)).differing;
    tell(`${left.length} orders are not yet what WeChat Pay's books say`);
    if (left.length > 0 && Date.now() <= deadline) continue;
    // One that agreed may have moved on in the books since, and not yet here: all have to agree in one look.
    const all = await compareWithBooks(played, options);
    if (all.differing.length === 0 || Date.now() > deadline) return { ...all, kills: killing.kills() };
    left = all.differing;
  }

  /** Whoever buys does so until it is done: WeChat Pay refuses and drops these requests too. */
  async function checkout(): Promise<string> {
    for (let tries = 1; ; tries++) {
      try {
        return await wechatPay.checkout(total);
      } catch (error) {
        if (tries === 20) throw error;
      }
    }
  }

  async function live({ fate, out_trade_no }: Played): Promise<void> {
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
  async function goOn(all: readonly Played[]): Promise<void> {
    for (let runs = 0; runs < 3; runs++) await invoke(lambda, outputs.ReconcileFunction, {});
    const waiting = await pMap(
      all.filter(({ fate }) => fate === 'abandoned'),
      async ({ out_trade_no }) => ({ out_trade_no, ...(await observeOrder(deployment, out_trade_no)) }),
      { concurrency: 16 },
    );
    await timeIsOver(waiting.filter(({ state }) => state === 'PAYING').map(({ out_trade_no }) => out_trade_no));
  }
}
