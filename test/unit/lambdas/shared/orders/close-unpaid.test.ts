import { RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { closeUnpaid } from '../../../../../lambdas/shared/orders/close-unpaid.ts';
import type { Order } from '../../../../../lambdas/shared/orders/order.ts';
import type { Transaction } from '../../../../../lambdas/shared/wechat-pay/api/transaction.ts';
import type { PaymentSuccess } from '../../../../../lambdas/shared/wechat-pay/payment-success.ts';
import { now, rejectionOf } from '../../builders.ts';
import { MemoryOrdersStore } from './memory-orders-store.ts';
import { changes, orderIn, payment } from './orders.ts';

interface World {
  readonly order?: Order;
  readonly closes?: 'closed' | 'refused';
  readonly found?: Transaction | undefined;
  readonly mchid?: string;
}

function given({ order = orderIn.PAYING, closes = 'closed', found, mchid = payment.mchid }: World = {}) {
  const asked: string[] = [];
  const told: PaymentSuccess[] = [];
  const store = new MemoryOrdersStore(order);
  const api = {
    mchid: async () => mchid,
    async closeOrder(out_trade_no: string) {
      asked.push(`close ${out_trade_no}`);
      return closes;
    },
    async queryOrder(out_trade_no: string) {
      asked.push(`query ${out_trade_no}`);
      return found;
    },
  };
  const tell = { payment: async (one: PaymentSuccess) => void told.push(one) };
  const close = () =>
    closeUnpaid(changes['payment.overdue'], { store, api, tell, now: () => now, newEventId: () => 'event-1' });
  return { close, asked, told, state: async () => (await store.find('T-1'))?.state };
}

const at = (trade_state: 'NOTPAY' | 'USERPAYING' | 'ACCEPT' | 'CLOSED' | 'REVOKED' | 'PAYERROR'): Transaction => ({
  mchid: payment.mchid,
  out_trade_no: 'T-1',
  trade_state,
});

describe('an order that is not paid in time', () => {
  it('is closed at WeChat Pay, and then here', async () => {
    const { close, asked, state } = given();

    expect(await close()).toMatchObject({ outcome: 'moved' });
    expect([asked, await state()]).toEqual([['close T-1'], 'CLOSED']);
  });

  it.each<[string, Transaction | undefined]>([
    ['unknown there', undefined],
    ['CLOSED there', at('CLOSED')],
    ['REVOKED there', at('REVOKED')],
    ['PAYERROR there', at('PAYERROR')],
  ])('is closed here when it will not be closed there, and is %s', async (_, found) => {
    const { close, asked, state } = given({ closes: 'refused', found });

    await close();

    expect([asked, await state()]).toEqual([['close T-1', 'query T-1'], 'CLOSED']);
  });

  it.each(['NOTPAY', 'USERPAYING', 'ACCEPT'] as const)(
    'stays as it is while somebody may pay it: %s',
    async (trade_state) => {
      const { close, state } = given({ closes: 'refused', found: at(trade_state) });

      expect(await rejectionOf(close())).toBeInstanceOf(RetryableError);
      expect(await state()).toBe('PAYING');
    },
  );

  it.each(['SUCCESS', 'REFUND'] as const)('is told to be paid when it is: %s', async (trade_state) => {
    const { close, told, state } = given({ closes: 'refused', found: { ...payment, trade_state } });

    expect(await close()).toEqual({ outcome: 'paid' });
    expect([told, await state()]).toEqual([[payment], 'PAYING']);
  });

  it('is not asked about when it waits no more', async () => {
    for (const order of [orderIn.PAID, orderIn.CLOSED, orderIn.REFUNDED]) {
      const { close, asked } = given({ order });

      expect(await close()).toMatchObject({ outcome: 'past' });
      expect(asked).toEqual([]);
    }
  });

  it('is neither asked about nor closed when it is another merchant’s: WeChat Pay would not know it', async () => {
    const { close, asked, state } = given({ mchid: '1900009999', closes: 'refused' });

    expect(await rejectionOf(close())).toBeInstanceOf(RetryableError);
    expect([asked, await state()]).toEqual([[], 'PAYING']);
  });
});
