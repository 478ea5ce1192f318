import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from '../ministack.ts';
import { paths } from '../paths.ts';
import { type Server, startServer } from './server.ts';

const requirements = join(import.meta.dirname, 'requirements.txt');
const program = join(import.meta.dirname, 'serve_moto.py');
const folder = join(paths.local, 'backends', 'moto');
const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const stamp = join(folder, 'installed');

/** Whether there is a Python to install it with: setup made one for the local AWS, unless AWS_ENDPOINT_URL was set. */
export function canInstallMoto(): boolean {
  return existsSync(paths.python);
}

/** moto, a DynamoDB of another maker (Apache License 2.0), from PyPI, into a virtual environment of its own. */
export async function installMoto(): Promise<void> {
  const wanted = createHash('sha256').update(folder).update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  await run(paths.python, ['-I', '-m', 'venv', folder]);
  await run(python, ['-I', '-m', 'pip', 'install', '--no-input', '--quiet', '--no-deps', '-r', requirements]);
  writeFileSync(stamp, wanted);
}

export function startMoto(): Promise<Server> {
  return startServer('moto', python, (port) => ['-I', program, HOST, String(port)]);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${output}`);
}
