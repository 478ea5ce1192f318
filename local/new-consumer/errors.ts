/** The consumer cannot be made: because of what was asked for (exit status 2), or because of how the project is (1). Nothing is written. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: 1 | 2;

  constructor(status: 1 | 2, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.status = status;
  }
}
