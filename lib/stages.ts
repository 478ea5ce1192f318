/** What can be deployed side by side; `lib/config.ts` has the numbers of each. By itself, as the command line need not load the CDK for it. */
export const stages = ['local', 'dev', 'prod'] as const;
export type Stage = (typeof stages)[number];

export function isStage(name: unknown): name is Stage {
  return stages.some((stage) => stage === name);
}
