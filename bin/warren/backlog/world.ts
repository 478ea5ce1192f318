import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { createDynamoDbAuditLog } from '../../../lambdas/shared/audit/dynamodb-audit-log.ts';
import { documentClient } from '../../../lambdas/shared/aws/clients.ts';
import { createDynamoDbCircuits } from '../../../lambdas/shared/circuit/dynamodb-circuits.ts';
import { createDynamoDbExceptionStore } from '../../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import {
  type ParkAnswer,
  type ParkRequest,
  parkAnswerSchema,
} from '../../../lambdas/shared/exceptions/park-contract.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { listenForInterrupts } from '../publish/interrupts.ts';
import { callerOf } from '../stage/caller.ts';
import { invoked, NotInvokedError, patience } from '../stage/invoked.ts';
import { type StageOutputs, stageOutputs } from '../stage/stage-outputs.ts';
import { createCloudWatchRates } from './cloudwatch-rates.ts';
import { createLambdaMappings } from './lambda-mappings.ts';
import { createSqsQueues } from './sqs-queues.ts';
import { createSqsReceiveLimits } from './sqs-receive-limits.ts';
import { type OperatorDeps, ParkNotAnsweredError, type Stage } from './stage.ts';

/** The real one. Loaded only when a stage is looked at: the AWS SDK takes longer to load than other commands to run. */
export const world: OperatorDeps = {
  reach,
  listenForInterrupts: (io, whatOfTheRest) => listenForInterrupts(io, Date.now, whatOfTheRest),
  pause,
  now: Date.now,
};

async function reach(stage: string): Promise<Stage> {
  const outputs = await stageOutputs(stage);
  const { config } = outputs;
  const documents = documentClient(new DynamoDBClient(config));
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const lambda = new LambdaClient({ ...config, requestHandler: patience });
  const now = () => new Date();
  return {
    queues: createSqsQueues(sqs, stage),
    mappings: createLambdaMappings(lambda),
    readRates: createCloudWatchRates(new CloudWatchClient(config), now),
    audit: createDynamoDbAuditLog(documents, { table: outputs.get('AuditTable'), now }),
    // How long rows are kept is for those who close them.
    exceptions: createDynamoDbExceptionStore(documents, { table: outputs.get('ExceptionsTable'), keepSeconds: 0, now }),
    circuits: createDynamoDbCircuits(documents, outputs.get('CircuitsTable')),
    functions: functionsOf(outputs),
    receiveLimits: createSqsReceiveLimits(sqs),
    park: (request, giveUp) => park(lambda, outputs.get('ParkFunction'), request, giveUp),
    caller: () => callerOf(new STSClient(config)),
  };
}

/** Throws a `ParkNotAnsweredError`. */
async function park(
  lambda: LambdaClient,
  name: string,
  request: ParkRequest,
  giveUp: AbortSignal,
): Promise<ParkAnswer> {
  try {
    return parkAnswerSchema.parse(await invoked(lambda, name, request, giveUp));
  } catch (error) {
    if (error instanceof NotInvokedError) throw new ParkNotAnsweredError(error.message, { cause: error });
    throw error;
  }
}

/** By the outputs that name them: `OrderCacheFunction` is the function of `lambdas/order-cache`. */
function functionsOf({ all }: StageOutputs): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(all).flatMap(([output, value]) => {
      const folder = /^(.+)Function$/.exec(output)?.[1];
      return folder === undefined ? [] : [[value, kebabCase(folder)] as const];
    }),
  );
}

function kebabCase(pascal: string): string {
  return pascal.replaceAll(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
