import { PermanentError } from '../shared/consumer/errors.ts';
import type { RefundFailure } from '../shared/wechat-pay/refund-result.ts';

/** The money is still at WeChat Pay: the customer's account cannot take it. Somebody has to say where it shall go. */
export class RefundAbnormalError extends PermanentError {
  override readonly name = 'RefundAbnormalError';

  constructor({ out_refund_no, out_trade_no }: RefundFailure) {
    super(
      `refund ${out_refund_no} of order ${out_trade_no} is ABNORMAL: the customer's account cannot take the money. Send it elsewhere in the merchant portal (发起异常退款), under the same number`,
    );
  }
}

/** An operator had withdrawn it, and its money may have gone back in another way. */
export class WithdrawnRefundMadeError extends PermanentError {
  override readonly name = 'WithdrawnRefundMadeError';

  constructor({ out_refund_no, out_trade_no }: Pick<RefundFailure, 'out_refund_no' | 'out_trade_no'>) {
    super(
      `refund ${out_refund_no} of order ${out_trade_no} was withdrawn, and its money is back all the same: find out whether it was sent in another way too`,
    );
  }
}

/** The money did not leave the merchant's account. */
export class RefundClosedError extends PermanentError {
  override readonly name = 'RefundClosedError';

  constructor({ out_refund_no, out_trade_no }: RefundFailure) {
    super(
      `refund ${out_refund_no} of order ${out_trade_no} is CLOSED: the customer has got nothing back. Find out why, and ask for a refund under a new number`,
    );
  }
}
