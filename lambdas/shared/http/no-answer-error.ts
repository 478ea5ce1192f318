import { UnavailableError } from '../consumer/errors.ts';

/** Nobody can tell whether the work was done: the connection was refused or lost, or nothing came in time. */
export class NoAnswerError extends UnavailableError {
  override readonly name = 'NoAnswerError';

  constructor(host: string, cause: unknown) {
    super(`${host} gave no answer: ${reasonOf(cause)}`, { cause });
  }
}

/** fetch says "fetch failed", and why in its cause, with a code; of a timeout it is the name that tells. */
function reasonOf(error: unknown): string {
  const { cause = error } = Object(error);
  const { code, name } = Object(cause);
  return typeof code === 'string' ? code : String(name);
}
