import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { asked } from './asked.ts';

/** Whose credentials these are, as an ARN. Throws a `UsageError`. */
export async function callerOf(sts: STSClient): Promise<string> {
  const { Arn = 'unknown' } = await asked('sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})));
  return Arn;
}
