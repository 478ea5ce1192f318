import { types } from 'node:util';

/** Before a connection is made: whatever was to be sent, nothing was. */
const beforeConnecting = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

export function isUnconnected(error: unknown): error is Error {
  return types.isNativeError(error) && 'code' in error && beforeConnecting.includes(String(error.code));
}

/** What a person can do about an error that `isUnconnected`. */
export function whyUnconnected(error: Error): string {
  // An address of two protocols fails as one error for both, which has no message.
  const reason = error.message || ('code' in error && String(error.code));
  return `AWS cannot be reached (${reason}). Is there a network, is the region right (AWS_REGION), and AWS_ENDPOINT_URL if it is set? The local AWS is started with npm start`;
}

/**
 * What a person can do about an error of AWS that comes before anything is done: credentials, region, rights, a name. Undefined for any
 * other error. `permission`: what was attempted, as IAM calls it.
 */
export function whyRefused(error: unknown, permission: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  switch (error.name) {
    case 'CredentialsProviderError':
      return `there are no AWS credentials: set AWS_PROFILE, or log in (aws sso login). ${error.message}`;
    case 'ExpiredToken':
    case 'ExpiredTokenException':
      return 'the AWS credentials have expired: log in again';
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
      return `AWS does not know these credentials: ${error.message}`;
    case 'AccessDenied':
    case 'AccessDeniedException':
      return `these credentials may not ${permission}: ${error.message}`;
    case 'ResourceNotFoundException':
      return `there is no such function: ${error.message}`;
    default:
      return /^Region is missing/.test(error.message)
        ? 'no AWS region is set: set AWS_REGION, or a region in the profile'
        : undefined;
  }
}
