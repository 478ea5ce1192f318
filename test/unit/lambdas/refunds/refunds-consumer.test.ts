import { createRefundsConsumer } from '../../../../lambdas/refunds/refunds-consumer.ts';
import { PermanentError, RetryableError, UnavailableError } from '../../../../lambdas/shared/consumer/errors.ts';
import type { RefundRow } from '../../../../lambdas/shared/refunds/refund-row.ts';
import { ApiRefusedError } from '../../../../lambdas/shared/wechat-pay/api/errors.ts';
import type { RefundRequest } from '../../../../lambdas/shared/wechat-pay/api/refund.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { MemoryRefundsStore } from '../shared/refunds/memory-refunds-store.ts';

const row: RefundRow = {
  transaction_id: '42',
  out_refund_no: 'R-1',
  out_trade_no: 'T-1',
  refund: 800,
  total: 8800,
  currency: 'CNY',
  state: 'REQUESTED',
  reason: 'asked for by an operator',
  requested_at: '2026-11-23T02:00:00.000Z',
};
const body = { transaction_id: '42', out_refund_no: 'R-1', out_trade_no: 'T-1' };

function consumerWith(rows: RefundRow[], refusal?: Error) {
  const asked: RefundRequest[] = [];
  const noted: unknown[] = [];
  const refunds = new MemoryRefundsStore(...rows);
  const consumer = createRefundsConsumer({
    refunds,
    notifyUrl: 'https://api.example.com/wechat-pay/notify',
    now: () => now,
    api: {
      async requestRefund(refund) {
        asked.push(refund);
        noted.push((await refunds.find(body))?.asked_at);
        if (refusal) throw refusal;
        return { ...body, refund_id: '50', status: 'PROCESSING', amount: { total: 8800, refund: 800 } };
      },
    },
  });
  return {
    asked,
    noted,
    refunds,
    consumer,
    handle: () => consumer.handle({ body, message: message(), log: silentLog, redelivered: false }),
  };
}

describe('a refund that is due', () => {
  it('is asked for under the number and with the amount it was decided with', async () => {
    const { handle, asked, refunds } = consumerWith([row]);

    await handle();

    expect(asked).toEqual([
      {
        transaction_id: '42',
        out_refund_no: 'R-1',
        notify_url: 'https://api.example.com/wechat-pay/notify',
        amount: { refund: 800, total: 8800, currency: 'CNY' },
      },
    ]);
    expect(await refunds.find(row)).toEqual({
      ...row,
      state: 'PROCESSING',
      asked_at: now.toISOString(),
      refund_id: '50',
    });
  });

  it.each(['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED', 'WITHDRAWN'] as const)(
    'is not asked for again when it is %s',
    async (state) => {
      const { handle, asked } = consumerWith([{ ...row, state }]);

      await handle();

      expect(asked).toEqual([]);
    },
  );

  it('stays REQUESTED while WeChat Pay cannot be asked, and is tried again', async () => {
    for (const refusal of [new UnavailableError('down'), new ApiRefusedError('refund a payment', 403, 'NOT_ENOUGH')]) {
      const { handle, refunds } = consumerWith([row], refusal);

      expect(await rejectionOf(handle())).toBeInstanceOf(RetryableError);
      expect(await refunds.find(row)).toEqual({ ...row, asked_at: now.toISOString() });
    }
  });

  it('is noted to be asked for before WeChat Pay is, so that nobody withdraws it meanwhile', async () => {
    const { handle, noted } = consumerWith([row]);

    await handle();

    expect(noted).toEqual([now.toISOString()]);
  });

  it('is rejected when WeChat Pay will not, or nobody knows of it', async () => {
    const refused = consumerWith([row], new ApiRefusedError('refund a payment', 400, 'INVALID_REQUEST'));
    const unknown = consumerWith([]);

    expect(await rejectionOf(refused.handle())).toBeInstanceOf(PermanentError);
    expect(await rejectionOf(unknown.handle())).toBeInstanceOf(PermanentError);
    expect(unknown.asked).toEqual([]);
  });

  it('is one effect for each number', () => {
    expect(consumerWith([]).consumer.businessKey(body)).toBe('refund:R-1:requested');
  });
});
