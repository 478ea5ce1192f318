import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { rebuildAnswerSchema } from '../../../lambdas/shared/order-cache/rebuild-contract.ts';
import { whyRefused } from '../publish/why-refused.ts';
import { PageFailedError, type PutPage } from './options.ts';

const functionErrorSchema = z.object({ errorMessage: z.string().default('it did not say why') });

/** The deployed function `order-cache-rebuild`, invoked once per page. */
export function createLambdaPages(lambda: LambdaClient, functionName: string): PutPage {
  return async (request, giveUp) => {
    const { FunctionError, Payload } = await invoke(lambda, functionName, JSON.stringify(request), giveUp);
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
    if (FunctionError !== undefined) {
      const { errorMessage } = functionErrorSchema.catch({ errorMessage: FunctionError }).parse(answer);
      throw new PageFailedError(errorMessage, { isFinal: false });
    }
    const parsed = rebuildAnswerSchema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new PageFailedError(`${functionName} answers, but not as this version of order-cache-rebuild does`, {
      isFinal: true,
    });
  };
}

async function invoke(lambda: LambdaClient, FunctionName: string, Payload: string, giveUp: AbortSignal) {
  try {
    return await lambda.send(new InvokeCommand({ FunctionName, Payload }), { abortSignal: giveUp });
  } catch (cause) {
    const refusal = whyRefused(cause, `lambda:InvokeFunction on ${FunctionName}`);
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new PageFailedError(refusal ?? reason, { isFinal: refusal !== undefined || giveUp.aborted, cause });
  }
}
