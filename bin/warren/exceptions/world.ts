import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { documentClient } from '../../../lambdas/shared/aws/clients.ts';
import { createDynamoDbExceptionStore } from '../../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import { replayAnswerSchema } from '../../../lambdas/shared/exceptions/replay-contract.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { lambdaOfStage, outputsOfStage, stageConfig } from '../publish/destination.ts';
import { listenForInterrupts } from '../publish/interrupts.ts';
import { whyRefused } from '../publish/why-refused.ts';
import { type ExceptionsDeps, type ReachedExceptions, ReplayNotAnsweredError } from './options.ts';

/** The real one. Loaded only when exceptions are asked for: the AWS SDK takes longer to load than other commands to run. */
export const world: ExceptionsDeps = {
  reach,
  listenForInterrupts: (io) => listenForInterrupts(io, Date.now, 'the rest can be sent later'),
  pause,
  now: Date.now,
  uuid: randomUUID,
  who: `${userInfo().username}@${hostname()}`,
  async ask(question, { stdin: input, stderr: output }) {
    const terminal = createInterface({ input, output });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  },
};

const functionErrorSchema = z.object({ errorMessage: z.string() }).catch({ errorMessage: 'it did not say why' });

async function reach(stage: string): Promise<ReachedExceptions> {
  const { lambda, functionName } = await lambdaOfStage(stage, 'ReplayFunction');
  const [table = '', keepSeconds] = await outputsOfStage(stage, 'ExceptionsTable', 'ExceptionsKeepSeconds');
  const documents = documentClient(new DynamoDBClient(await stageConfig(stage)));
  return {
    store: createDynamoDbExceptionStore(documents, { table, keepSeconds: Number(keepSeconds), now: () => new Date() }),
    async replay(request, giveUp) {
      const call = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
      const { FunctionError, Payload } = await lambda.send(call, { abortSignal: giveUp }).catch((error: unknown) => {
        const reason = whyRefused(error, `lambda:InvokeFunction on ${functionName}`) ?? String(error);
        throw new ReplayNotAnsweredError(reason, { cause: error });
      });
      const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
      if (FunctionError !== undefined) {
        throw new ReplayNotAnsweredError(`${functionName} failed: ${functionErrorSchema.parse(answer).errorMessage}`);
      }
      return replayAnswerSchema.parse(answer);
    },
  };
}
