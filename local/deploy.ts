import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { childEnvironment, clientConfig, LOCAL_ACCOUNT, LOCAL_REGION } from './aws-environment.ts';
import { type CdkRun, cdk } from './cdk-cli.ts';
import { progressOfStacks } from './cdk-progress.ts';
import { paths } from './paths.ts';
import type { Note } from './progress.ts';

export { DeployError } from './cdk-cli.ts';

export type DeployOptions = {
  readonly endpoint: string;
  /** The emulator's account to deploy into. Accounts share no queues or tables, so tests can each have one. */
  readonly account?: string;
  readonly stage: 'local';
  readonly note?: Note;
  readonly signal?: AbortSignal;
  /** Definitions to deploy. Default: the app's own. */
  readonly topology?: string;
  /** What synthesises the stacks: a command. Default: that of cdk.json. */
  readonly app?: string;
  /** The folder of the app, a copy of this project that somebody has made their own. Default: this one. */
  readonly project?: string | undefined;
  // worked example
  /** Of the Valkey that holds the order cache. Default: none, it is a table. */
  readonly valkeyUrl?: string | undefined;
  // worked example
  /** Where the merchant takes requests for fulfilment. Default: nowhere, nothing is fulfilled. */
  readonly fulfilmentUrl?: string | undefined;
  // worked example
  /** Where the merchant wants to be told of its orders. Default: nowhere, it is told nothing. */
  readonly merchantWebhook?: string | undefined;
  // worked example
  /** Where WeChat Pay's API answers. Default: nowhere, it is asked nothing. */
  readonly wechatPayApi?: string | undefined;
};

const stackOutputsSchema = z.record(z.string(), z.record(z.string(), z.string()));
/** `{ [stack]: { [output]: value } }`; a stack without outputs is not in it. */
export type StackOutputs = z.infer<typeof stackOutputsSchema>;

/** Bootstraps the account when it is new and deploys every stack with the real CDK CLI; only to an emulator. */
export async function deploy(options: DeployOptions): Promise<StackOutputs> {
  const { endpoint, account = LOCAL_ACCOUNT, note } = options;
  const assembly = join(paths.cdk, account);
  const log = join(paths.logs, `deploy-${account}.log`);
  const outputs = join(paths.cdk, `${account}.outputs.json`);
  for (const folder of [paths.cdk, paths.logs, paths.home]) mkdirSync(folder, { recursive: true });
  // What the last deployment left behind must not be taken for this one's.
  for (const leftover of [assembly, outputs]) rmSync(leftover, { recursive: true, force: true });
  writeFileSync(log, '');
  const run: CdkRun = { env: childEnvironment(endpoint, account), log, signal: options.signal };

  note?.('synthesising');
  await allOrNone(options.signal, [
    (signal) => bootstrap(endpoint, account, { ...run, signal }),
    (signal) => synth(assembly, options, { ...run, signal }),
  ]);

  const progress = progressOfStacks(resourceCount(assembly));
  const onLine = (line: string) => {
    const news = progress(line);
    if (news !== undefined) note?.(news);
  };
  await cdk(['deploy', '--all', '--app', assembly, '--outputs-file', outputs, ...DEPLOY_FLAGS], { ...run, onLine });
  return readOutputs(outputs);
}

/** Nothing may ask. The direct method spares the change sets, which nobody would look at here. */
const DEPLOY_FLAGS = '--require-approval never --method direct --concurrency 4 --progress events'.split(' ');

async function bootstrap(endpoint: string, account: string, run: CdkRun): Promise<void> {
  const cloudFormation = new CloudFormationClient({ ...clientConfig(endpoint, account), maxAttempts: 1 });
  try {
    if (await stackExists(cloudFormation, 'CDKToolkit')) return;
  } finally {
    cloudFormation.destroy();
  }
  // Away from cdk.json: bootstrapping would run its app, which takes seconds, for nothing.
  await cdk(['bootstrap', `aws://${account}/${LOCAL_REGION}`], { ...run, cwd: paths.cdk });
}

async function stackExists(cloudFormation: CloudFormationClient, name: string): Promise<boolean> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks.some(({ StackStatus }) => /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus ?? ''));
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return false;
    throw error;
  }
}

function synth(assembly: string, options: DeployOptions, run: CdkRun): Promise<void> {
  const { stage, topology, app, project } = options;
  const which = topology === undefined ? [] : ['-c', `topology=${topology}`];
  if (app !== undefined) which.push('--app', app);
  // worked example
  if (options.valkeyUrl !== undefined) which.push('-c', `valkey=${options.valkeyUrl}`);
  // worked example
  if (options.fulfilmentUrl !== undefined) which.push('-c', `fulfilmentUrl=${options.fulfilmentUrl}`);
  // worked example
  if (options.merchantWebhook !== undefined) which.push('-c', `merchantWebhook=${options.merchantWebhook}`);
  // worked example
  if (options.wechatPayApi !== undefined) which.push('-c', `wechatPayApi=${options.wechatPayApi}`);
  return cdk(['synth', '--quiet', '-c', `stage=${stage}`, '--output', assembly, ...which], {
    ...run,
    ...(project !== undefined && { cwd: project }),
  });
}

/** Counted as CloudFormation does: each stack is itself one of its resources. */
function resourceCount(assembly: string): number {
  const templates = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.template.json'),
  );
  return templates
    .map((file) => templateSchema.parse(JSON.parse(readFileSync(join(assembly, file), 'utf8'))))
    .reduce((sum, { Resources }) => sum + Object.keys(Resources).length + 1, 0);
}

const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()).default({}) });

export function readOutputs(file: string): StackOutputs {
  return stackOutputsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Runs all at once; the first failure ends the others, so that none goes on behind our back. */
async function allOrNone(
  outer: AbortSignal | undefined,
  works: ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const inner = new AbortController();
  const signal = AbortSignal.any([inner.signal, ...(outer ? [outer] : [])]);
  await Promise.allSettled(
    works.map((work) =>
      work(signal).catch((error) => {
        inner.abort(error);
        throw error;
      }),
    ),
  );
  signal.throwIfAborted();
}
