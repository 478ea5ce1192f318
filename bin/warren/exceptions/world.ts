import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
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
import { callerOf } from '../stage/caller.ts';
import { invoked, NotInvokedError, patience } from '../stage/invoked.ts';
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
    notice: (fingerprint) => notices.get(fingerprint),
    caller: () => callerOf(new STSClient(config)),
  };
}

/** Throws a `ReplayNotAnsweredError`. */
async function invoke(
  lambda: LambdaClient,
  name: string,
  request: ReplayRequest,
  giveUp: AbortSignal,
): Promise<ReplayAnswer> {
  try {
    return replayAnswerSchema.parse(await invoked(lambda, name, request, giveUp));
  } catch (error) {
    if (error instanceof NotInvokedError) throw new ReplayNotAnsweredError(error.message, { cause: error });
    throw error;
  }
}
