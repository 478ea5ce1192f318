import { UsageError } from '../io.ts';
import { isUnconnected, whyRefused, whyUnconnected } from '../publish/why-refused.ts';

/** A call of AWS whose refusal a person can do something about: it becomes a `UsageError`. `permission`: as IAM calls it. */
export async function asked<T>(permission: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const reason = isUnconnected(error) ? whyUnconnected(error) : whyRefused(error, permission);
    if (reason === undefined) throw error;
    throw new UsageError(reason, { cause: error });
  }
}
