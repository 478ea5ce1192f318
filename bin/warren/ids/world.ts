import { LambdaClient } from '@aws-sdk/client-lambda';
import { decodedSchema, type OrderNumbersRequest } from '../../../lambdas/shared/order-numbers/contract.ts';
import { functionOutput } from '../../../lib/output-names.ts';
import { invoked, patience } from '../stage/invoked.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import type { IdsDeps } from './options.ts';

/** The real one. Loaded only when a number is asked about: the AWS SDK takes longer to load than other commands to run. */
export const world: IdsDeps = {
  async decode(orderNumber, stage) {
    const outputs = await stageOutputs(stage);
    const lambda = new LambdaClient({ ...outputs.config, requestHandler: patience });
    const request: OrderNumbersRequest = { decode: orderNumber };
    const fn = outputs.get(functionOutput('order-numbers'));
    return decodedSchema.parse(await invoked(lambda, fn, request, new AbortController().signal));
  },
};
