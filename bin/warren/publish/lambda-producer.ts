import { InvokeCommand, type LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { writesNothing } from '../../../lambdas/shared/outbox/writes-nothing.ts';
import { invalidRequestText, publishAnswerSchema } from '../../../lambdas/shared/publishing/contract.ts';
import { type Producer, RequestFailedError } from './producer.ts';
import { isUnconnected, whyRefused, whyUnconnected } from './why-refused.ts';

/**
 * The deployed `publish` function, invoked. The SDK repeats a call that got no answer: every message has its event id, so a repeat publishes
 * copies that consumers drop.
 */
export function createLambdaProducer(lambda: LambdaClient, functionName: string): Producer {
  return {
    async publish(request, giveUp) {
      const { FunctionError, text } = await invoke(lambda, functionName, JSON.stringify(request), giveUp);
      const answer = readJson(text);
      if (FunctionError !== undefined) throw failedFunction(answer);
      const parsed = publishAnswerSchema.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw new RequestFailedError(`${functionName} answers, but not as this version of the publish function does`, {
        sent: 'unknown',
        isFinal: true,
      });
    },
  };
}

async function invoke(lambda: LambdaClient, FunctionName: string, Payload: string, giveUp: AbortSignal | undefined) {
  const command = new InvokeCommand({ FunctionName, Payload });
  const failures = failuresOf(command);
  try {
    const { FunctionError, ...answer } = await lambda.send(command, { abortSignal: giveUp });
    return { FunctionError, text: Buffer.from(answer.Payload ?? []).toString('utf8') };
  } catch (error) {
    const last = failures.at(-1);
    const isNeverCarried = failures.every(isUnconnected);
    throw isNeverCarried && isUnconnected(last) ? unconnected(last) : unanswered(error, FunctionName, giveUp);
  }
}

/** Fills as the command is tried: the SDK throws the last try's error, and an earlier one may have got through. */
function failuresOf(command: InvokeCommand): unknown[] {
  const failures: unknown[] = [];
  command.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        failures.push(error);
        throw error;
      }
    },
    // Within the SDK's own retries.
    { step: 'finalizeRequest', priority: 'low', name: 'failuresOfEachTry' },
  );
  return failures;
}

/** No try found anybody to talk to, and the next request would not either. */
function unconnected(cause: Error): RequestFailedError {
  return new RequestFailedError(whyUnconnected(cause), { sent: 'nothing', isFinal: true, cause });
}

function unanswered(error: unknown, functionName: string, giveUp: AbortSignal | undefined): RequestFailedError {
  const refusal = whyRefused(error, `lambda:InvokeFunction on ${functionName}`);
  // The SDK tells of its last try only: an earlier one may have got through.
  const isFirst = !(error instanceof LambdaServiceException) || (error.$metadata.attempts ?? 1) === 1;
  if (refusal)
    return new RequestFailedError(refusal, { sent: isFirst ? 'nothing' : 'unknown', isFinal: true, cause: error });
  const isRefused = error instanceof LambdaServiceException && error.$fault === 'client';
  return new RequestFailedError(giveUp?.aborted ? 'given up while it was under way' : reasonOf(error), {
    sent: isRefused && isFirst ? 'nothing' : 'unknown',
    isFinal: false,
    cause: error,
  });
}

const functionErrorSchema = z.object({ errorType: z.string().default(''), errorMessage: z.string().default('') });

/** The function threw, or was killed: out of memory, or over its time. */
function failedFunction(answer: unknown): RequestFailedError {
  const { errorType, errorMessage } = functionErrorSchema.catch({ errorType: '', errorMessage: '' }).parse(answer);
  const isNothing = [invalidRequestText, writesNothing].some((text) => errorMessage.startsWith(text));
  return new RequestFailedError(errorMessage || `the function failed: ${errorType || 'it did not say why'}`, {
    sent: isNothing ? 'nothing' : 'unknown',
    isFinal: false,
    isRefusal: isNothing,
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
