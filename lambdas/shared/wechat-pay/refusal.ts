/** Why a notification got no further. The status goes back to the caller; nothing was written or sent. */
export type RefusalReason =
  | 'body-too-large'
  | 'header-missing'
  | 'header-doubled'
  | 'v2-notification'
  | 'signature-type'
  | 'timestamp'
  | 'unknown-serial'
  | 'signature-probe'
  | 'signature'
  | 'malformed'
  | 'decryption'
  | 'not-ours';

const statusOf: Record<RefusalReason, 400 | 401 | 403 | 413> = {
  'body-too-large': 413,
  'header-missing': 401,
  'header-doubled': 401,
  'v2-notification': 400,
  'signature-type': 401,
  timestamp: 401,
  'unknown-serial': 401,
  'signature-probe': 401,
  signature: 401,
  malformed: 400,
  decryption: 401,
  'not-ours': 403,
};

export class NotificationRefusedError extends Error {
  override readonly name = 'NotificationRefusedError';
  readonly reason: RefusalReason;
  readonly statusCode: number;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
    this.statusCode = statusOf[reason];
  }
}
