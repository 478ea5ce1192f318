import type { NewOrder } from '../../../lambdas/shared/orders/order.ts';
import type { PaymentSuccess } from '../../../lambdas/shared/wechat-pay/payment-success.ts';
import { skus } from './simulate.ts';

export interface Customer {
  readonly order: NewOrder;
  readonly startsMs: number;
  /** Most pay once, some never, some twice. */
  readonly payments: readonly (PaymentSuccess & { readonly afterMs: number })[];
  /** The merchant will not send it out. */
  readonly isRefused: boolean;
  /** Wants the money back, of what was sent out, or of what was just paid. */
  readonly sendsBack: boolean;
  readonly regrets: boolean;
}

const minuteMs = 60_000;

export function createCustomers(count: number, random: () => number): Customer[] {
  const upTo = (most: number): number => 1 + Math.floor(random() * most);

  function customer(number: number): Customer {
    const out_trade_no = `S-${number}`;
    const [mchid, appid] = ['1900000001', 'wx0000000000000001'];
    const wanted = new Set(Array.from({ length: upTo(3) }, () => `SKU-${Math.floor(random() * skus)}`));
    const items = [...wanted].map((sku) => ({ sku, quantity: upTo(3) }));
    const total = upTo(100_000);
    const hasItems = random() < 0.9;
    const pays = random();
    const times = pays < 0.15 ? 0 : pays < 0.92 ? 1 : 2;
    const payments = Array.from({ length: times }, (_, at) => ({
      mchid,
      appid,
      out_trade_no,
      transaction_id: `42${number}${at}`,
      trade_state: 'SUCCESS' as const,
      success_time: '2026-11-23T10:00:00+08:00',
      amount: { total, currency: 'CNY' },
      // Most at once, some when their goods have expired, some when the order is closed.
      afterMs: Math.floor(random() < 0.6 ? random() * 5 * minuteMs : random() * 45 * minuteMs),
    }));
    const isRefused = random() < 0.1;
    return {
      order: {
        out_trade_no,
        mchid,
        appid,
        amount_total: total,
        currency: 'CNY',
        state: 'PAYING',
        ...(hasItems && { items }),
      },
      startsMs: Math.floor(random() * 60 * minuteMs),
      payments,
      isRefused,
      sendsBack: random() < 0.05,
      regrets: times === 1 && !isRefused && random() < 0.1,
    };
  }

  return Array.from({ length: count }, (_, at) => customer(at + 1));
}
