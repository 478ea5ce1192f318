/** Try again later: the failure may pass. Any error that is no `PermanentError` is treated the same way. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  /** Seconds until the next try; the consumer's own retry delay when absent. */
  readonly delaySeconds: number | undefined;
  /** Lengthens that delay to so many seconds, and never shortens it: who is asked to come back in a second still backs off. Default: 0. */
  readonly atLeastSeconds: number;

  constructor(
    message: string,
    options: ErrorOptions & { readonly delaySeconds?: number; readonly atLeastSeconds?: number | undefined } = {},
  ) {
    super(message, options);
    this.delaySeconds = options.delaySeconds;
    this.atLeastSeconds = options.atLeastSeconds ?? 0;
  }
}

/**
 * What the handler needs is down for everybody, whatever the message says. When nothing but that comes for a while, the consumer stops taking
 * messages until it is back (docs/decisions.md, "A circuit breaker that stops the event source mapping").
 */
export class UnavailableError extends RetryableError {
  override readonly name: string = 'UnavailableError';
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

/** It came into its partition after its key had left it, and later messages of the key may be handled: to handle it now would break their order. */
export class PastItsTurnError extends PermanentError {
  override readonly name = 'PastItsTurnError';

  constructor(queue: string) {
    super(
      `it came into partition '${queue}' after its key had moved to another one: its publisher was stopped for too long`,
    );
  }
}

/** What wraps what: an error that goes round in a circle ends here. */
const deepest = 10;

/** The error, and what it was made of. */
export function causesOf(error: unknown): Error[] {
  const errors: Error[] = [];
  for (let one = error; one instanceof Error && errors.length < deepest; one = one.cause) errors.push(one);
  return errors;
}

/** What was thrown, which JavaScript lets be anything. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
