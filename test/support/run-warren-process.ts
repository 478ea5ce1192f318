import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { childEnvironment } from '../../local/aws-environment.ts';
import { testAccount } from './deployment-file.ts';

const command = path.join(import.meta.dirname, '../../bin/warren.ts');

/** The command line as a process of its own, on the stacks of the tests. Standard input is no terminal. `cwd`: where it writes files. */
export function startWarren(
  endpoint: string,
  args: readonly string[],
  cwd = process.cwd(),
  account = testAccount,
): ChildProcess {
  return spawn(process.execPath, [command, ...args], {
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
