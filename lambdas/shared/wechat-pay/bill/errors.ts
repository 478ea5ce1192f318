import { PermanentError, UnavailableError } from '../../consumer/errors.ts';

/** WeChat Pay is still writing the bill: from 10:00 of Beijing on it is there, most days. */
export class BillNotReadyError extends UnavailableError {
  override readonly name = 'BillNotReadyError';

  constructor(date: string) {
    super(`WeChat Pay has not written the bill of ${date} yet: compare it later`);
  }
}

/** What was downloaded is not, byte by byte, the bill that WeChat Pay's signed answer speaks of, or cannot be proved to be. */
export class UntrustedBillError extends UnavailableError {
  override readonly name = 'UntrustedBillError';

  constructor(date: string, problem: string) {
    super(`the bill of ${date} is not believed: ${problem}`);
  }
}

/** It is WeChat Pay's bill, and has another form than we read, or lacks something: nothing may be compared with a part of a bill. */
export class UnreadableBillError extends PermanentError {
  override readonly name = 'UnreadableBillError';

  constructor(problem: string) {
    super(`the bill cannot be read: ${problem}`);
  }
}

/** No amount in 元 as a bill has it. */
export class NotYuanError extends PermanentError {
  override readonly name = 'NotYuanError';

  constructor(text: string) {
    super(`'${text.slice(0, 40)}' is no amount in yuan: digits, and at most two decimals`);
  }
}
