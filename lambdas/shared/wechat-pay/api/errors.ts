import { PermanentError, RetryableError, UnavailableError } from '../../consumer/errors.ts';
import type { NotificationRefusedError, RefusalReason } from '../refusal.ts';

/** Of orders and of refunds; older pages spell the first without a line. A 404 of any other code is no word about an order. */
const notFoundCodes: readonly string[] = ['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'RESOURCE_NOT_EXISTS'];

/** WeChat Pay understood the request, and says no. It is signed: what it says can be acted upon. */
export class ApiRefusedError extends PermanentError {
  override readonly name = 'ApiRefusedError';
  readonly status: number;
  /** WeChat Pay's own, in its spelling: ORDER_NOT_EXIST. */
  readonly code: string;

  constructor(what: string, status: number, code: string) {
    super(`WeChat Pay refused to ${what}: ${status} ${code}`);
    this.status = status;
    this.code = code;
  }

  /** There is no such order, payment or refund. */
  get isNotFound(): boolean {
    return this.status === 404 && notFoundCodes.includes(this.code);
  }
}

/** It cannot answer now, or will not let us ask (a wrong key of ours, a limit): so it is for every message alike. */
export class ApiUnavailableError extends UnavailableError {
  override readonly name = 'ApiUnavailableError';
  readonly status: number;
  /** Within a second or two, perhaps: worth another try at once. */
  readonly mayPassSoon: boolean;

  constructor(what: string, status: number, code: string, mayPassSoon: boolean) {
    super(`WeChat Pay did not ${what}: ${status} ${code}`);
    this.status = status;
    this.mayPassSoon = mayPassSoon;
  }
}

/** Something answered that is not WeChat Pay, as far as can be proved: nothing it says may be believed. */
export class UntrustedAnswerError extends UnavailableError {
  override readonly name = 'UntrustedAnswerError';
  readonly reason: RefusalReason;

  constructor(what: string, status: number, refused: NotificationRefusedError) {
    super(`the answer to '${what}' (${status}) is not proved to be WeChat Pay's: ${refused.message}`);
    this.reason = refused.reason;
  }
}

/** WeChat Pay's signed answer has another shape than its documentation. */
export class UnreadableAnswerError extends RetryableError {
  override readonly name = 'UnreadableAnswerError';

  constructor(what: string, fields: readonly string[]) {
    super(`the answer to '${what}' cannot be read: ${fields.join(', ')}`);
  }
}
