/** Try again later: the failure may pass. Any error that is no `PermanentError` is treated the same way. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  /** Seconds until the next try; the consumer's own retry delay when absent. */
  readonly delaySeconds: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly delaySeconds?: number } = {}) {
    super(message, options);
    this.delaySeconds = options.delaySeconds;
  }
}

/** The time of a message is over. */
export class ExpiredError extends Error {
  override readonly name = 'ExpiredError';

  constructor(expiresAt: number) {
    super(`expired at ${new Date(expiresAt).toISOString()}`);
  }
}

/** Trying again cannot help: the message is dead-lettered at once, no retries are spent. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
}
