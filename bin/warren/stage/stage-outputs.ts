import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { stageConfig } from '../publish/destination.ts';
import { noSuchOutput, outputsOf } from '../publish/find-function.ts';

/** What a stage's stacks say of themselves, and how its region and account are reached. */
export interface StageOutputs {
  /** For SDK clients; empty: the AWS environment says all. */
  readonly config: object;
  readonly all: Readonly<Record<string, string>>;
  /** Throws a `UsageError` when the stage was deployed without it. */
  get(output: string): string;
}

/** Of the stacks that hold functions and tables. Throws a `UsageError` that says what to do. */
export async function stageOutputs(stage: string): Promise<StageOutputs> {
  const config = await stageConfig(stage);
  const cloudFormation = new CloudFormationClient(config);
  try {
    const stacks = [`warren-${stage}-stateless`, `warren-${stage}-stateful`];
    const outputs = await Promise.all(stacks.map((stack) => outputsOf(cloudFormation, stack, stage)));
    const all = Object.fromEntries(outputs.flat().map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']));
    return {
      config,
      all,
      get(output) {
        const found = all[output];
        if (found !== undefined) return found;
        throw noSuchOutput(
          output.endsWith('Table') ? `warren-${stage}-stateful` : `warren-${stage}-stateless`,
          output,
          stage,
        );
      },
    };
  } finally {
    cloudFormation.destroy();
  }
}
