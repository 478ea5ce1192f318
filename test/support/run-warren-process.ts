import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { childEnvironment } from '../../local/aws-environment.ts';
import { testAccount } from './deployment-file.ts';

const ours = path.join(import.meta.dirname, '../..');

/** The command line as a process of its own, on the stacks of the tests. Standard input is no terminal. `cwd`: where it writes files. */
export function startWarren(
  endpoint: string,
  args: readonly string[],
  cwd = process.cwd(),
  account = testAccount,
): ChildProcess {
  return start(ours, args, { endpoint, cwd, account });
}

/** The same of a copy of the project, in it. */
export function startWarrenOf(
  project: string,
  args: readonly string[],
  { endpoint, account }: { readonly endpoint: string; readonly account: string },
): ChildProcess {
  return start(project, args, { endpoint, account, cwd: project });
}

interface Where {
  readonly endpoint: string;
  readonly account: string;
  readonly cwd: string;
}

function start(project: string, args: readonly string[], { endpoint, account, cwd }: Where): ChildProcess {
  return spawn(process.execPath, [path.join(project, 'bin/warren.ts'), ...args], {
    cwd,
    env: childEnvironment(endpoint, account),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function finished(child: ChildProcess): Promise<Finished> {
  const read = async (stream: ChildProcess['stdout']) => (stream ? text(stream) : '');
  const [[status], stdout, stderr] = await Promise.all([once(child, 'close'), read(child.stdout), read(child.stderr)]);
  return { status, stdout, stderr };
}
