import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { v7 as uuidv7 } from 'uuid';
import { type DeskRequest, deskAnswerSchemas } from '../../../lambdas/shared/refunds/desk-contract.ts';
import { functionOutput } from '../../../lib/output-names.ts';
import { UsageError } from '../io.ts';
import { callerOf } from '../stage/caller.ts';
import { invoked, NotInvokedError, patience } from '../stage/invoked.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import { DeskNotAnsweredError, type ReachedDesk, type RefundsDeps } from './options.ts';

/** The real one. Loaded only when refunds are asked for: the AWS SDK takes longer to load than other commands to run. */
export const world: RefundsDeps = {
  reach,
  newNumber: () => `OP${uuidv7().replaceAll('-', '')}`,
  now: () => new Date(),
};

async function reach(stage: string): Promise<ReachedDesk> {
  const outputs = await stageOutputs(stage);
  const output = functionOutput('refund-desk');
  if (outputs.all[output] === undefined) throw new UsageError(whyNoDesk(stage, output));
  const lambda = new LambdaClient({ ...outputs.config, requestHandler: patience });
  const ask = (request: DeskRequest) => answerTo(request, lambda, outputs.get(output));
  return {
    desk: {
      look: async (request) => deskAnswerSchemas.look.parse(await ask({ act: 'look', ...request })),
      list: async (request) => deskAnswerSchemas.list.parse(await ask({ act: 'list', ...request })),
      request: async (request) => deskAnswerSchemas.request.parse(await ask({ act: 'request', ...request })),
      withdraw: async (request) => deskAnswerSchemas.withdraw.parse(await ask({ act: 'withdraw', ...request })),
    },
    caller: () => callerOf(new STSClient(outputs.config)),
  };
}

function whyNoDesk(stage: string, output: string): string {
  return `the stage ${stage} has no ${output}: it was deployed without WeChat Pay's address (-c wechatPayApi=…, docs/wechat-pay.md), or before there were refunds`;
}

/** Nobody gives up: the function ends by itself, in less time than is waited for it. */
async function answerTo(request: DeskRequest, lambda: LambdaClient, functionName: string): Promise<unknown> {
  try {
    return await invoked(lambda, functionName, request, new AbortController().signal);
  } catch (error) {
    if (error instanceof NotInvokedError) throw new DeskNotAnsweredError(error.message, { cause: error });
    throw error;
  }
}
