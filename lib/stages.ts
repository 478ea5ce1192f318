/** What can be deployed side by side; `lib/config.ts` has the numbers of each. By itself, as the command line need not load the CDK for it. */
export const stages = ['local', 'dev', 'prod'] as const;
export type Stage = (typeof stages)[number];

export function isStage(name: unknown): name is Stage {
  return stages.some((stage) => stage === name);
}

export class UnknownStageError extends Error {
  override readonly name = 'UnknownStageError';
}

/** The value of `-c stage=…`. Throws an `UnknownStageError` that names the valid ones. */
export function parseStage(value: unknown): Stage {
  if (isStage(value)) return value;
  const given = value === undefined ? 'no stage is given' : `'${String(value)}' is not a stage`;
  throw new UnknownStageError(`${given}: choose ${stages.join(', ')}, as in: npx cdk synth -c stage=dev`);
}
