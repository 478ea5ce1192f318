import type { PublishAnswer, ReportDetail } from '../../../lambdas/shared/publishing/contract.ts';

export const publishModes = ['confirm', 'tx', 'outbox'] as const;
export type PublishMode = (typeof publishModes)[number];

/** A message in the contract's spelling, defaults left out; it always has a `message_id`. */
export type MessageJson = Readonly<Record<string, unknown>>;

/** Lambda takes no larger one (Lambda, quotas: invocation payload, synchronous). */
export const mostRequestBytes = 6 * 1024 * 1024;

export interface ProducerRequest {
  readonly vhost: string;
  readonly mode: PublishMode;
  readonly detail: ReportDetail;
  readonly messages: readonly MessageJson[];
}

/**
 * Publishes a request. An implementation MUST throw a `RequestFailedError` when it has no answer, and MUST NOT say that nothing was sent
 * when something may have been.
 */
export interface Producer {
  publish(request: ProducerRequest, giveUp?: AbortSignal): Promise<PublishAnswer>;
}

/** A request that no answer came to. */
export class RequestFailedError extends Error {
  override readonly name = 'RequestFailedError';
  readonly sent: 'nothing' | 'unknown';
  /** The next request would fail alike. */
  readonly isFinal: boolean;
  /** The function has looked at the request and refused it: repeated as it is, it would again. */
  private readonly isRefusal: boolean;

  constructor(
    reason: string,
    {
      sent,
      isFinal,
      isRefusal = false,
      cause,
    }: Pick<RequestFailedError, 'sent' | 'isFinal'> & { isRefusal?: boolean; cause?: unknown },
  ) {
    super(reason, { cause });
    this.sent = sent;
    this.isFinal = isFinal;
    this.isRefusal = isRefusal;
  }

  /** Whether it was refused for that message. A function's error comes as text alone, which names event ids. */
  isAbout(eventId: string): boolean {
    return this.isRefusal && this.message.split(/[\s,:;()]+/).includes(eventId);
  }
}
