import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { documentClient } from '../../../lambdas/shared/aws/clients.ts';
import { createDynamoDbExceptionStore } from '../../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import {
  type ReplayAnswer,
  type ReplayRequest,
  replayAnswerSchema,
} from '../../../lambdas/shared/exceptions/replay-contract.ts';
import { acknowledge } from '../../../lambdas/shared/notices/acknowledge.ts';
import { createDynamoDbNotices } from '../../../lambdas/shared/notices/dynamodb-notices.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { answerTo } from '../operator/answer.ts';
import { listenForInterrupts } from '../publish/interrupts.ts';
import { whyRefused } from '../publish/why-refused.ts';
import { callerOf } from '../stage/caller.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import { type ExceptionsDeps, type ReachedExceptions, ReplayNotAnsweredError } from './options.ts';

/** The real one. Loaded only when exceptions are asked for: the AWS SDK takes longer to load than other commands to run. */
export const world: ExceptionsDeps = {
  reach,
  listenForInterrupts: (io) => listenForInterrupts(io, Date.now, 'the rest can be sent later'),
  pause,
  now: Date.now,
  uuid: randomUUID,
  ask: answerTo,
};

/** Longer than the function may take, so that its answer is heard. */
const patience = { connectionTimeout: 5_000, requestTimeout: 90_000, throwOnRequestTimeout: true };

async function reach(stage: string): Promise<ReachedExceptions> {
  const outputs = await stageOutputs(stage);
  const { config } = outputs;
  const now = () => new Date();
  const documents = documentClient(new DynamoDBClient(config));
  const lambda = new LambdaClient({ ...config, requestHandler: patience });
  const notices = createDynamoDbNotices(documents, outputs.get('NoticesTable'));
  return {
    store: createDynamoDbExceptionStore(documents, {
      table: outputs.get('ExceptionsTable'),
      keepSeconds: Number(outputs.get('ExceptionsKeepSeconds')),
      now,
    }),
    replay: (request, giveUp) => invoke(lambda, outputs.get('ReplayFunction'), request, giveUp),
    acknowledge: (fingerprint, operator) => acknowledge(notices, fingerprint, operator, now()),
    caller: () => callerOf(new STSClient(config)),
  };
}

const functionErrorSchema = z.object({ errorMessage: z.string() }).catch({ errorMessage: 'it did not say why' });

async function invoke(
  lambda: LambdaClient,
  FunctionName: string,
  request: ReplayRequest,
  giveUp: AbortSignal,
): Promise<ReplayAnswer> {
  const call = new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) });
  const { FunctionError, Payload } = await lambda.send(call, { abortSignal: giveUp }).catch((error: unknown) => {
    const reason = whyRefused(error, `lambda:InvokeFunction on ${FunctionName}`) ?? String(error);
    throw new ReplayNotAnsweredError(reason, { cause: error });
  });
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
  if (FunctionError !== undefined) {
    throw new ReplayNotAnsweredError(`${FunctionName} failed: ${functionErrorSchema.parse(answer).errorMessage}`);
  }
  return replayAnswerSchema.parse(answer);
}
