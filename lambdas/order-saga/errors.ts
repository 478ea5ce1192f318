import { PermanentError } from '../shared/consumer/errors.ts';
import type { SagaMark } from '../shared/saga/saga-row.ts';

/** A paid order does not come to an end, and no message of it is on its way any more, or it is somewhere for too long. */
export class SagaStuckError extends PermanentError {
  override readonly name = 'SagaStuckError';

  constructor(out_trade_no: string, mark: SagaMark) {
    super(
      `order ${out_trade_no} waits for '${mark}' for too long: look for its exceptions (warren exceptions list), replay them, then this`,
    );
  }
}

/** It is of no order, or of another payment than the order's. */
export class ForeignEventError extends PermanentError {
  override readonly name = 'ForeignEventError';

  constructor(event: string, out_trade_no: string, problem: string) {
    super(`${event} of order ${out_trade_no} is refused: ${problem}`);
  }
}

/** It was sent out, and was told to be refused, or its goods to be unavailable: money and goods may both be gone. */
export class ContradictionError extends PermanentError {
  override readonly name = 'ContradictionError';

  constructor(out_trade_no: string, mark: SagaMark) {
    super(
      `order ${out_trade_no} has both marks, 'fulfilment accepted' and '${mark}': ask the merchant which is so, then refund it (warren refunds) or leave it, and discard this`,
    );
  }
}

/** It was REFUNDING before, and not all of its money is on its way: a part alone was asked for, or a refund was withdrawn, and perhaps made otherwise. */
export class RefundTakenBackError extends PermanentError {
  override readonly name = 'RefundTakenBackError';

  constructor(out_trade_no: string) {
    super(
      `order ${out_trade_no} is REFUNDING, and not all of its money is on its way: only a part was sent back, or a refund was withdrawn or refused. If the rest is not back in another way, request it (warren refunds), then discard this`,
    );
  }
}
