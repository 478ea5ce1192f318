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
