import type { Consumer } from '../shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../shared/consumer/errors.ts';
import type { RefundRow } from '../shared/refunds/refund-row.ts';
import type { RefundsStore } from '../shared/refunds/refunds-store.ts';
import { requestOf } from '../shared/refunds/request-of.ts';
import { ApiRefusedError } from '../shared/wechat-pay/api/errors.ts';
import type { Refund } from '../shared/wechat-pay/api/refund.ts';
import type { WechatPayApi } from '../shared/wechat-pay/api/wechat-pay-api.ts';
import { type RefundRequested, refundRequestedSchema } from './refund-requested.ts';

export interface RefundsConsumerDeps {
  readonly api: Pick<WechatPayApi, 'requestRefund'>;
  readonly refunds: Pick<RefundsStore, 'find' | 'noteAsking' | 'settle'>;
  readonly notifyUrl: string;
  readonly now: () => Date;
}

/**
 * Asks WeChat Pay for a refund that is decided, under the number it was decided with. Asked twice it is one refund. What becomes of it is told by
 * a notification, or found by `reconcile`.
 */
export function createRefundsConsumer({
  api,
  refunds,
  notifyUrl,
  now,
}: RefundsConsumerDeps): Consumer<RefundRequested> {
  return {
    queue: 'refunds.requests',
    schema: refundRequestedSchema,
    businessKey: ({ out_refund_no }) => `refund:${out_refund_no}:requested`,
    comparable: ({ transaction_id, out_trade_no }) => [transaction_id, out_trade_no],
    async handle({ body, log, deadline }) {
      const row = await refunds.find(body);
      if (!row) throw new PermanentError(`there is no refund ${body.out_refund_no}`);
      const asking = await refunds.noteAsking(row, now());
      if (!asking) return log.info('refund was asked for before, or withdrawn', fieldsOf(row));
      const { refund_id } = await ask(asking, deadline);
      // Told by its notification meanwhile: that says more.
      await refunds.settle(asking, { ...asking, state: 'PROCESSING', refund_id });
      log.info('refund asked for', fieldsOf(row));
    },
  };

  async function ask(row: RefundRow, deadline: AbortSignal | undefined): Promise<Refund> {
    try {
      return await api.requestRefund(requestOf(row, notifyUrl), deadline);
    } catch (error) {
      // 余额不足: somebody has to pay in, and until then it may be asked again under the same number.
      if (error instanceof ApiRefusedError && error.code === 'NOT_ENOUGH') {
        throw new RetryableError(`the merchant's account holds too little for refund ${row.out_refund_no}`, {
          cause: error,
        });
      }
      throw error;
    }
  }
}

function fieldsOf({ out_trade_no, out_refund_no, state }: RefundRow) {
  return { out_trade_no, out_refund_no, state };
}
