import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { isStage, stages } from '../../../lib/stages.ts';
import { UsageError } from '../io.ts';
import { isUnconnected, whyRefused, whyUnconnected } from './why-refused.ts';

/** Name of a function of the stage, from its stack's output. Throws a `UsageError` that says what to do. */
export async function findFunction(
  cloudFormation: CloudFormationClient,
  stage: string,
  output: string,
): Promise<string> {
  const StackName = `warren-${stage}-stateless`;
  const outputs = await outputsOf(cloudFormation, StackName, stage);
  const found = outputs.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (found !== undefined) return found;
  throw noSuchOutput(StackName, output, stage);
}

export function noSuchOutput(stack: string, output: string, stage: string): UsageError {
  return new UsageError(
    `the stack ${stack} has no output ${output}: its deployment is not finished, or failed. Deploy it: ${deploymentOf(stage)}`,
  );
}

/** Throws a `UsageError` that says what to do. */
export async function outputsOf(cloudFormation: CloudFormationClient, StackName: string, stage: string) {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks.flatMap(({ Outputs = [] }) => Outputs);
  } catch (error) {
    throw new UsageError(await reasonOf(error, cloudFormation, StackName, stage), { cause: error });
  }
}

async function reasonOf(
  error: unknown,
  cloudFormation: CloudFormationClient,
  stack: string,
  stage: string,
): Promise<string> {
  const refusal = whyRefused(error, `cloudformation:DescribeStacks on ${stack}`);
  if (refusal) return refusal;
  if (error instanceof Error && /does not exist/.test(error.message)) {
    if (!isStage(stage))
      return `'${stage}' is not a stage: there are ${stages.join(', ')} (lib/stages.ts), and no ${stack}`;
    return `nothing is deployed: there is no stack ${stack} in ${await cloudFormation.config.region()}. Deploy it: ${deploymentOf(stage)}, or choose another region or account (AWS_REGION, AWS_PROFILE)`;
  }
  if (isUnconnected(error)) return whyUnconnected(error);
  return `the stack ${stack} cannot be looked up: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

function deploymentOf(stage: string): string {
  return stage === 'local' ? 'npm start -- --once' : `npx cdk deploy --all -c stage=${stage}`;
}
