import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { isStage, stages } from '../../../lib/stages.ts';
import { clientConfig } from '../../../local/aws-environment.ts';
import { runningEndpoint } from '../../../local/emulator.ts';
import { UsageError } from '../io.ts';
import { findFunction } from './find-function.ts';
import { createLambdaProducer } from './lambda-producer.ts';
import type { Producer } from './producer.ts';

/** Where messages are published to: a stage, whose stack names its function, or a function by its name. */
export type Destination =
  | { readonly stage: string; readonly functionName?: undefined }
  | { readonly functionName: string; readonly stage?: undefined };

export interface Reached {
  readonly producer: Producer;
  readonly functionName: string;
}

/** Longer than the function may take, so that its answer is heard. */
const patience = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

/**
 * Region, credentials and endpoint are those of the AWS environment (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …); the stage `local` is
 * found where `npm start` has put it. Throws a `UsageError` that says what to do.
 */
export async function reach(destination: Destination): Promise<Reached> {
  const { lambda, functionName } =
    destination.functionName === undefined
      ? await lambdaOfStage(destination.stage, 'PublishFunction')
      : { lambda: lambdaClient({}), functionName: destination.functionName };
  return { producer: createLambdaProducer(lambda, functionName), functionName };
}

/** The function that an output of the stage's stack names, and a client that reaches it, as above. */
export async function lambdaOfStage(
  stage: string,
  output: string,
): Promise<{ readonly lambda: LambdaClient; readonly functionName: string }> {
  const config = await stageConfig(stage);
  return { lambda: lambdaClient(config), functionName: await lookUp(stage, output, config) };
}

function lambdaClient(config: object): LambdaClient {
  return new LambdaClient({ ...config, maxAttempts: 4, requestHandler: patience });
}

async function lookUp(stage: string, output: string, config: object): Promise<string> {
  const cloudFormation = new CloudFormationClient(config);
  try {
    return await findFunction(cloudFormation, stage, output);
  } finally {
    cloudFormation.destroy();
  }
}

/** What reaches a stage besides the AWS environment. Throws a `UsageError` for what is no stage, and when the local AWS is not up. */
export async function stageConfig(stage: string): Promise<object> {
  if (!isStage(stage))
    throw new UsageError(`'${stage}' is not a stage: there are ${stages.join(', ')} (lib/stages.ts)`);
  return stage === 'local' ? localConfig() : {};
}

/** Of an emulator that AWS_ENDPOINT_URL names, with credentials beside it, the environment says all. */
async function localConfig() {
  if (process.env['AWS_ENDPOINT_URL'] && process.env['AWS_ACCESS_KEY_ID']) return {};
  const endpoint = await runningEndpoint();
  if (endpoint === undefined) throw new UsageError('the local AWS is not up. Start it: npm start -- --once');
  return clientConfig(endpoint);
}
