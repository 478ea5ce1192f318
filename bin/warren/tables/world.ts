import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { createDynamoDbAuditLog } from '../../../lambdas/shared/audit/dynamodb-audit-log.ts';
import { documentClient } from '../../../lambdas/shared/aws/clients.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { type MoverRequest, moverAnswerSchema } from '../../../lambdas/shared/table-moves/mover-contract.ts';
import { functionOutput, tableOutput } from '../../../lib/output-names.ts';
import { listenForInterrupts } from '../publish/interrupts.ts';
import { callerOf } from '../stage/caller.ts';
import { invoked, NotInvokedError, patience } from '../stage/invoked.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import { MoverNotAnsweredError, type ReachedMover, type TablesDeps } from './options.ts';

/** The real one. Loaded only when tables are asked for: the AWS SDK takes longer to load than other commands to run. */
export const world: TablesDeps = {
  reach,
  listenForInterrupts: (io, whatOfTheRest) => listenForInterrupts(io, Date.now, whatOfTheRest),
  pause,
  now: Date.now,
};

async function reach(stage: string): Promise<ReachedMover | undefined> {
  const outputs = await stageOutputs(stage);
  const functionName = outputs.all[functionOutput('table-mover')];
  if (functionName === undefined) return undefined;
  // Asked a second time, the mover would refuse what it did at the first.
  const lambda = new LambdaClient({ ...outputs.config, maxAttempts: 1, requestHandler: patience });
  const documents = documentClient(new DynamoDBClient(outputs.config));
  return {
    ask: async (request) => moverAnswerSchema.parse(await answerTo(request, lambda, functionName)),
    audit: createDynamoDbAuditLog(documents, { table: outputs.get(tableOutput('audit')), now: () => new Date() }),
    caller: () => callerOf(new STSClient(outputs.config)),
  };
}

async function answerTo(request: MoverRequest, lambda: LambdaClient, functionName: string): Promise<unknown> {
  try {
    return await invoked(lambda, functionName, request, new AbortController().signal);
  } catch (error) {
    if (error instanceof NotInvokedError) throw new MoverNotAnsweredError(error.message, { cause: error });
    throw error;
  }
}
