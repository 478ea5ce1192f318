import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { causesOf, UnavailableError } from './errors.ts';

/** The AWS SDK's errors have `$metadata`; of others it looks at the name and Node's code. */
type SdkError = Parameters<typeof isServerError>[0];

/**
 * Whether the error, or one that it was made of, says that something is down or overloaded: an `UnavailableError`, or what the AWS SDK takes
 * for one (throttled, 5xx, no answer, no connection).
 */
export function isUnavailable(error: unknown): boolean {
  return causesOf(error).some((one) => one instanceof UnavailableError || isDown(one as SdkError));
}

function isDown(error: SdkError): boolean {
  return isThrottlingError(error) || isServerError(error) || isTransientError(error);
}
