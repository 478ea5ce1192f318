import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { whyRefused } from '../publish/why-refused.ts';

/** Longer than a function may take that operators invoke, so that its answer is heard. */
export const patience = { connectionTimeout: 5_000, requestTimeout: 90_000, throwOnRequestTimeout: true };

/** A function did not answer, or failed: what it did is not known. */
export class NotInvokedError extends Error {
  override readonly name = 'NotInvokedError';
}

const functionErrorSchema = z.object({ errorMessage: z.string() }).catch({ errorMessage: 'it did not say why' });

/** What a function answers. Throws a `NotInvokedError`. */
export async function invoked(
  lambda: LambdaClient,
  FunctionName: string,
  request: unknown,
  giveUp: AbortSignal,
): Promise<unknown> {
  const call = new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) });
  const { FunctionError, Payload } = await lambda.send(call, { abortSignal: giveUp }).catch((error: unknown) => {
    const reason = whyRefused(error, `lambda:InvokeFunction on ${FunctionName}`) ?? String(error);
    throw new NotInvokedError(reason, { cause: error });
  });
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
  if (FunctionError === undefined) return answer;
  throw new NotInvokedError(`${FunctionName} failed: ${functionErrorSchema.parse(answer).errorMessage}`);
}
