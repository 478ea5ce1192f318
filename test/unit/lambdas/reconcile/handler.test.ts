import { type KeysRight, UnknownCheckError } from '../../../../lambdas/reconcile/check-keys.ts';
import { type Due, type DueItem, waitsFrom } from '../../../../lambdas/reconcile/due.ts';
import { createHandler, NothingReconciledError } from '../../../../lambdas/reconcile/handler.ts';
import { UnavailableError } from '../../../../lambdas/shared/consumer/errors.ts';
import type { Order } from '../../../../lambdas/shared/orders/order.ts';
import type { RefundRow } from '../../../../lambdas/shared/refunds/refund-row.ts';
import type { Refund } from '../../../../lambdas/shared/wechat-pay/api/refund.ts';
import type { Transaction } from '../../../../lambdas/shared/wechat-pay/api/transaction.ts';
import type { PaymentSuccess } from '../../../../lambdas/shared/wechat-pay/payment-success.ts';
import type { RefundResult } from '../../../../lambdas/shared/wechat-pay/refund-result.ts';
import { CountingMeter, lambdaContext, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryOrdersStore } from '../shared/orders/memory-orders-store.ts';
import { orderIn, payment } from '../shared/orders/orders.ts';
import { MemoryRefundsStore } from '../shared/refunds/memory-refunds-store.ts';

const hour = 3_600_000;
const waits = { firstMs: 300_000, longestMs: 6 * hour };
const unpaid = { mchid: payment.mchid, out_trade_no: 'T-1' };

const keysRight: KeysRight = { keys: 'right', mchid: payment.mchid, unproved: ['apiV3Key'] };

/** As EventBridge sends it. */
const scheduled = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-11-23T10:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:events:us-east-1:123456789012:rule/reconcile'],
  detail: {},
};

const row: RefundRow = {
  transaction_id: '42',
  out_refund_no: 'R-1',
  out_trade_no: 'T-1',
  refund: 8800,
  total: 8800,
  currency: 'CNY',
  state: 'PROCESSING',
  reason: 'a test',
  requested_at: now.toISOString(),
};
const refund: Refund = { ...row, refund_id: '50', status: 'SUCCESS', amount: { total: 8800, refund: 8800 } };

class MemoryDue implements Due {
  readonly claimed: Date[] = [];
  readonly asked: Date[] = [];
  private readonly items: DueItem[];
  /** Somebody else has claimed all of it. */
  isTaken = false;

  constructor(...items: DueItem[]) {
    this.items = items;
  }

  async list(until: Date): Promise<DueItem[]> {
    this.asked.push(until);
    return this.items;
  }

  async claim(_: DueItem, next: Date): Promise<boolean> {
    this.claimed.push(next);
    return !this.isTaken;
  }
}

interface World {
  readonly orders?: readonly Order[];
  readonly refunds?: readonly RefundRow[];
  readonly created_at?: string;
  readonly found?: Transaction | Error | undefined;
  readonly foundRefund?: Refund | Error | undefined;
  readonly closes?: 'closed' | 'refused';
  /** Of the secret. */
  readonly mchid?: string;
  readonly wrongSecret?: Error;
  /** How often the refund was asked about before. */
  readonly askedBefore?: number;
}

function given({
  orders = [],
  refunds = [],
  created_at,
  found,
  foundRefund,
  closes = 'closed',
  mchid = payment.mchid,
  wrongSecret,
  askedBefore = 0,
}: World) {
  const told: (PaymentSuccess | RefundResult)[] = [];
  const asked: string[] = [];
  const pauses: number[] = [];
  const dueOf = (item: object): DueItem => ({ item: { ...item }, agenda_at: 'then', created_at, asked: askedBefore });
  const due = { orders: new MemoryDue(...orders.map(dueOf)), openRefunds: new MemoryDue(...refunds.map(dueOf)) };
  const store = new MemoryOrdersStore(...orders);
  const refundsStore = new MemoryRefundsStore(...refunds);
  const meter = new CountingMeter();
  const handler = createHandler({
    ...due,
    api: {
      mchid: async () => mchid,
      async queryOrder(out_trade_no) {
        asked.push(`query ${out_trade_no}`);
        if (found instanceof Error) throw found;
        return found;
      },
      async closeOrder(out_trade_no) {
        asked.push(`close ${out_trade_no}`);
        return closes;
      },
      async queryRefund({ out_refund_no }) {
        asked.push(`query ${out_refund_no}`);
        if (foundRefund instanceof Error) throw foundRefund;
        return foundRefund;
      },
      async requestRefund({ out_refund_no }) {
        asked.push(`refund ${out_refund_no}`);
        return { ...refund, status: 'PROCESSING' };
      },
    },
    tell: { payment: async (one) => void told.push(one), refund: async (one) => void told.push(one) },
    store,
    refunds: refundsStore,
    waits,
    closeAfterMs: hour,
    requestsPerSecond: 20,
    refundOverdueMs: 72 * hour,
    async readSecrets() {
      if (wrongSecret) throw wrongSecret;
    },
    checkKeys: async () => {
      asked.push('keys');
      return keysRight;
    },
    notifyUrl: 'https://api.example.com/wechat-pay/notify',
    sleep: async (milliseconds) => void pauses.push(milliseconds),
    now: () => now,
    newEventId: () => 'event-1',
    log: silentLog,
    meter,
  });
  const run = (event: object = scheduled) => handler(event, lambdaContext());
  return { ...due, run, told, asked, pauses, store, refundsStore, meter };
}

const old = new Date(now.getTime() - hour).toISOString();
const young = new Date(now.getTime() - hour + 1).toISOString();

describe('an order that waits too long', () => {
  it.each(['SUCCESS', 'REFUND'] as const)(
    'and is paid (%s) is told as its notification would have told it',
    async (trade_state) => {
      const { run, told, store } = given({ orders: [orderIn.PAYING], found: { ...payment, trade_state } });

      expect(await run()).toEqual({ asked: 1, found: 1, failed: 0, isCutShort: false });

      expect(told).toEqual([payment]);
      expect(store.messages).toEqual([]);
    },
  );

  it.each(['CLOSED', 'REVOKED', 'PAYERROR'] as const)('and is %s there is closed here', async (trade_state) => {
    const { run, told, store, asked } = given({ orders: [orderIn.PAYING], found: { ...unpaid, trade_state } });

    await run();

    expect(await store.find('T-1')).toMatchObject({ state: 'CLOSED' });
    expect([told, asked]).toEqual([[], ['query T-1']]);
  });

  it.each<[string, Transaction | undefined]>([
    ['is not paid', { ...unpaid, trade_state: 'NOTPAY' }],
    ['is being paid', { ...unpaid, trade_state: 'USERPAYING' }],
    ['is unknown there', undefined],
  ])('and %s waits on while it is young; when it is old it is closed there, and then here', async (_, found) => {
    const waiting = given({ orders: [orderIn.PAYING], found, created_at: young });
    const closed = given({ orders: [orderIn.PAYING], found, created_at: old });
    const ageless = given({ orders: [orderIn.PAYING], found });

    for (const { run } of [waiting, closed, ageless]) await run();

    expect([waiting.asked, closed.asked, ageless.asked]).toEqual([
      ['query T-1'],
      ['query T-1', 'close T-1'],
      ['query T-1'],
    ]);
    expect(await waiting.store.find('T-1')).toMatchObject({ state: 'PAYING' });
    expect(await closed.store.find('T-1')).toMatchObject({ state: 'CLOSED' });
  });

  it('and will not be closed there, as somebody is paying it, is not closed here', async () => {
    const found = { ...unpaid, trade_state: 'USERPAYING' } as const;
    const { run, store } = given({ orders: [orderIn.PAYING], found, created_at: old, closes: 'refused' });

    expect(await rejectionOf(run())).toBeInstanceOf(NothingReconciledError);
    expect(await store.find('T-1')).toMatchObject({ state: 'PAYING' });
  });

  it('is claimed before WeChat Pay is asked, and not asked about when another run has it', async () => {
    const { run, orders, asked } = given({ orders: [orderIn.PAYING] });
    orders.isTaken = true;

    expect(await run()).toMatchObject({ asked: 0 });

    expect(orders.asked).toEqual([new Date(now.getTime() - waits.firstMs)]);
    expect([orders.claimed.length, asked]).toEqual([1, []]);
  });
});

describe('a refund that nobody tells the end of', () => {
  it('is told when it is SUCCESS, CLOSED or ABNORMAL', async () => {
    for (const status of ['SUCCESS', 'CLOSED', 'ABNORMAL'] as const) {
      const { run, told } = given({
        refunds: [row],
        foundRefund: { ...refund, status, success_time: '2026-11-23T12:00:00+08:00' },
      });

      expect(await run()).toMatchObject({ found: 1 });

      expect(told).toMatchObject([{ out_refund_no: 'R-1', refund_status: status, mchid: payment.mchid }]);
    }
  });

  it('is told no more when it is ABNORMAL, and known to be', async () => {
    const abnormal = { ...row, state: 'ABNORMAL' } as const;
    const { run, told } = given({ refunds: [abnormal], foundRefund: { ...refund, status: 'ABNORMAL' } });

    expect(await run()).toMatchObject({ asked: 1, found: 0 });
    expect(told).toEqual([]);
  });

  it('is asked for under its number when WeChat Pay has not heard of it, and PROCESSING from then on', async () => {
    const requested = { ...row, state: 'REQUESTED' } as const;
    const { run, asked, refundsStore } = given({ refunds: [requested] });

    await run();

    expect(asked).toEqual(['query R-1', 'refund R-1']);
    expect(await refundsStore.find(row)).toMatchObject({ state: 'PROCESSING', refund_id: '50' });
  });
});

describe('a run', () => {
  it('ends when WeChat Pay does not answer, and begins no other question; it is an error, which rings', async () => {
    const orders = [orderIn.PAYING, { ...orderIn.PAYING, out_trade_no: 'T-2' }];
    const { run, asked, meter } = given({ orders, found: new UnavailableError('down') });

    expect(await rejectionOf(run())).toBeInstanceOf(NothingReconciledError);
    expect(asked).toEqual(['query T-1']);
    expect(meter.counts).toEqual([['Reconciled', { what: 'order', outcome: 'unavailable' }]]);
  });

  it('asks about refunds first: they are few, and orders are not', async () => {
    const { run, asked } = given({
      orders: [orderIn.PAYING],
      refunds: [row],
      foundRefund: { ...refund, status: 'PROCESSING' },
    });

    await run();

    expect(asked).toEqual(['query R-1', 'query T-1']);
  });

  it('goes on when one order cannot be worked on, and paces itself', async () => {
    const another = { ...orderIn.PAYING, out_trade_no: 'T-2', mchid: 'another' };
    const { run, pauses, meter } = given({ orders: [another, orderIn.PAYING], found: payment });

    expect(await run()).toEqual({ asked: 2, found: 1, failed: 1, isCutShort: false });
    expect(pauses).toEqual([100, 100]);
    expect(meter.counts.map(([, { outcome }]) => outcome)).toEqual(['failed', 'found']);
  });

  it('is an error when nothing of what it asked came to an end', async () => {
    const { run } = given({ orders: [orderIn.PAYING], found: new Error('a surprise') });

    expect(await rejectionOf(run())).toBeInstanceOf(NothingReconciledError);
  });
});

describe('a refund that is open for too long', () => {
  const requestedBefore = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString();
  const overdue = { ...row, requested_at: requestedBefore(72 * hour + 1) };
  const overdueCounts = ({ counts }: CountingMeter) => counts.filter(([metric]) => metric === 'RefundsOverdue').length;

  it.each([
    ['and waits still', { refunds: [overdue], foundRefund: { ...refund, status: 'PROCESSING' } }, 1],
    ['and cannot be asked about', { refunds: [overdue], foundRefund: new UnavailableError('down') }, 1],
    ['and was found', { refunds: [overdue], foundRefund: refund }, 0],
    ['and is found again, for it could not be applied', { refunds: [overdue], foundRefund: refund, askedBefore: 1 }, 1],
    ['or not', { refunds: [{ ...row, requested_at: requestedBefore(72 * hour) }], foundRefund: undefined }, 0],
  ] satisfies [string, World, number][])('%s, is counted as often: %#', async (_, world, times) => {
    const { run, meter } = given(world);

    await run().catch(() => {});

    expect(overdueCounts(meter)).toBe(times);
  });
});

describe('a refund that was withdrawn, and the index does not know it yet', () => {
  it('is not asked for', async () => {
    const requested: RefundRow = { ...row, state: 'REQUESTED' };
    const { run, asked, refundsStore } = given({ refunds: [requested], foundRefund: undefined });
    await refundsStore.withdraw(requested, { at: now.toISOString(), who: 'somebody', why: 'a test' });

    await run();

    expect(asked).toEqual(['query R-1']);
    expect(await refundsStore.find(row)).toMatchObject({ state: 'WITHDRAWN' });
  });
});

describe('an event that names a check', () => {
  const waiting = { orders: [orderIn.PAYING], refunds: [row], created_at: old };

  it('has the keys checked, and nothing that waits is asked about', async () => {
    const { run, asked, orders, openRefunds } = given(waiting);

    expect(await run({ check: 'keys' })).toEqual(keysRight);

    expect(asked).toEqual(['keys']);
    expect([...orders.asked, ...openRefunds.asked]).toEqual([]);
  });

  it.each(['key', 'KEYS', '', null, true, ['keys']])('is refused when there is no such check: %p', async (check) => {
    const { run, asked, orders, openRefunds } = given(waiting);

    const error = await rejectionOf(run({ ...scheduled, check }));

    expect(error).toBeInstanceOf(UnknownCheckError);
    expect(String(error)).toContain(JSON.stringify(check));
    expect([...asked, ...orders.asked, ...openRefunds.asked]).toEqual([]);
  });
});

describe('a secret that is wrong', () => {
  it('fails the run, though nothing waits: on-call hears of it before something does', async () => {
    const wrongSecret = new UnavailableError('the secret has no serial');

    expect(await rejectionOf(given({ wrongSecret }).run())).toBe(wrongSecret);
  });
});

describe('an order of another merchant than the secret’s', () => {
  it('is neither asked about nor closed: WeChat Pay would say that there is none', async () => {
    const { run, asked, store } = given({ orders: [orderIn.PAYING], created_at: old, mchid: '1900009999' });

    await rejectionOf(run());

    expect(asked).toEqual([]);
    expect(await store.find('T-1')).toMatchObject({ state: 'PAYING' });
  });
});

describe('an order that waits no more', () => {
  it.each(['PAID', 'CLOSED', 'REFUNDED'] as const)('is not asked about, whatever the index says: %s', async (state) => {
    const { run, asked, told } = given({ orders: [orderIn[state]], found: payment });

    expect(await run()).toMatchObject({ asked: 1, found: 0 });
    expect([asked, told]).toEqual([[], []]);
  });
});

describe('what was asked about', () => {
  it.each([
    [0, 0],
    [1, 300_000],
    [2, 900_000],
    [10, 6 * hour - 300_000],
    [1_000, 6 * hour - 300_000],
  ])('after %i questions is due again five minutes after %i ms from now', (asked, milliseconds) => {
    expect(waitsFrom(now, asked, waits).getTime() - now.getTime()).toBe(milliseconds);
  });
});
