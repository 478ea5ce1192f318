import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

export const root = path.join(import.meta.dirname, '../..');
const notCopied = ['.git', '.local', 'cdk.out', 'node_modules'];

/** A copy of the project to change, with its packages; whoever makes it removes it. */
export function copyProject(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'warren-own-'));
  for (const name of readdirSync(root).filter((one) => !notCopied.includes(one))) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}

export type Project = ReturnType<typeof projectIn>;

/** What can be done in a copy. */
export function projectIn(copy: string) {
  const inCopy = (file: string): string => path.join(copy, file);

  function run(command: string, ...args: string[]) {
    const windows = process.platform === 'win32';
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', shell: windows });
    return { status, output: stdout + stderr };
  }

  return {
    folder: copy,
    inCopy,
    run,
    script: (...args: string[]) => run('npm', 'run', '--silent', ...args),
    synth: (context: Readonly<Record<string, string>> = {}) => synth(copy, context),
    remove: () => rmSync(copy, { recursive: true }),
  };
}

/** As `cdk synth -c stage=prod`, without bundling. */
function synth(copy: string, context: Readonly<Record<string, string>>) {
  const out = path.join(copy, 'cdk.out');
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: copy,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify({ stage: 'prod', 'aws:cdk:bundling-stacks': [], ...context }),
      CDK_VALIDATION: 'false',
    },
  });
  if (status !== 0) throw new Error(stderr);
  const templates = readdirSync(out)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => templateSchema.parse(JSON.parse(readFileSync(path.join(out, file), 'utf8'))));
  const resources = templates.flatMap(({ Resources }) => Object.entries(Resources));
  return {
    resources: resources.map(([logicalId, resource]) => ({ logicalId, ...resource })),
    outputs: new Map(
      templates.flatMap(({ Outputs }) => Object.entries(Outputs).map(([name, { Value }]) => [name, Value])),
    ),
    types: resources.map(([, { Type }]) => Type),
    tables: resources
      .filter(([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable')
      .map(([logicalId]) => logicalId.replace(/[0-9A-F]{8}$/, '')),
    functions: resources.flatMap(
      ([, { Properties }]) => Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME ?? [],
    ),
  };
}

const templateSchema = z.object({
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z
        .looseObject({
          Environment: z.object({ Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.string() }) }).optional(),
        })
        .default({}),
    }),
  ),
});
