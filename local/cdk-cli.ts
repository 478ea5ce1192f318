import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { errorLines } from './cdk-progress.ts';
import { paths } from './paths.ts';
import { endingWithUs, killGroup } from './processes.ts';

export type CdkRun = {
  readonly env: Record<string, string>;
  /** Default: the project, where cdk.json is. */
  readonly cwd?: string;
  /** Takes all that is printed; nothing reaches the terminal. */
  readonly log: string;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
};

export class DeployError extends Error {
  override readonly name = 'DeployError';
  readonly command: string;
  readonly exit: number | string;
  readonly log: string;
  readonly lines: readonly string[];

  constructor(command: string, exit: number | string, log: string, lines: readonly string[]) {
    super(
      `cdk ${command} failed (${typeof exit === 'number' ? 'exit status' : 'signal'} ${exit}):\n` +
        `${lines.map((line) => `  ${line}`).join('\n')}\n` +
        `Everything it said is in ${log}.`,
    );
    this.command = command;
    this.exit = exit;
    this.log = log;
    this.lines = lines;
  }
}

/** Runs the real CDK CLI on Node 24, in a process group that ends with us. */
export async function cdk([command = '', ...args]: readonly string[], run: CdkRun): Promise<void> {
  run.signal?.throwIfAborted();
  const child = spawn(process.execPath, [paths.cdkCli, command, ...args, '--no-notices', '--no-color'], {
    cwd: run.cwd ?? paths.project,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      appendFileSync(run.log, `${line}\n`);
      run.onLine?.(line);
    });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject).once('close', (status, signal) => resolve(status ?? signal ?? 'unknown'));
  });
  const { pid } = child;
  const exit = pid === undefined ? await ended : await endingWithUs(pid, () => abortable(pid, ended, run.signal));
  run.signal?.throwIfAborted();
  if (exit !== 0) throw new DeployError(command, exit, run.log, errorLines(output.join('\n')));
}

async function abortable<T>(pid: number, ended: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const abort = () => killGroup(pid, 'SIGKILL');
  signal?.addEventListener('abort', abort);
  try {
    return await ended;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
