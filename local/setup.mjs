// Runs before `npm start` and `npm test`, perhaps on a fresh clone: plain JavaScript for Node 20 that needs no package.
// Everything it prints goes to stderr, because stdout belongs to the commands' `--json` output.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { findPython } from './python.mjs';
import { SetupError } from './setup-error.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCAL = join(ROOT, '.local');
const STAMP = join(LOCAL, 'setup.json');
const VENV = join(LOCAL, 'venv');
const REQUIREMENTS = join(ROOT, 'local', 'requirements.txt');
const WINDOWS = process.platform === 'win32';
const VENV_PYTHON = WINDOWS ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python');

async function main() {
  refuseOldNode();
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (endpoint) say(`- Python is not needed: AWS_ENDPOINT_URL is set (${endpoint})`);
  const wanted = endpoint ? [npmPackages] : [npmPackages, pythonPackages];
  if (wanted.every((part) => part.isDone())) return;

  mkdirSync(LOCAL, { recursive: true });
  const waiting = (pid) => say(`… another setup is at work (process ${pid}), waiting for it`);
  await withLock(join(LOCAL, 'setup.lock'), waiting, async () => {
    // Asked again: the setup we waited for may have done it all.
    for (const part of wanted) if (!part.isDone()) await carryOut(part);
  });
}

function refuseOldNode() {
  if (Number(process.versions.node.split('.')[0]) >= 20) return;
  throw new SetupError(
    `Node 20 or later is needed and this is ${process.version}: install one from https://nodejs.org.`,
  );
}

/** The stamp is taken away first and written last, so an interrupted part is done again. */
async function carryOut(part) {
  const started = Date.now();
  const { [part.name]: _, ...others } = readStamp();
  writeFileSync(STAMP, JSON.stringify(others));
  if (process.stderr.isTTY) process.stderr.write(`… ${part.title}`);
  try {
    await part.install();
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
  writeFileSync(STAMP, JSON.stringify({ ...readStamp(), [part.name]: part.fingerprint() }));
  say(`✓ ${part.title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

const npmPackages = {
  name: 'npm',
  title: 'npm packages installed',
  // Of package.json only what decides the packages: editing a script reinstalls nothing.
  fingerprint: () => {
    const { scripts: _, description: __, ...decisive } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    return hash(JSON.stringify(decisive), readText('package-lock.json'), readText('.npmrc'));
  },
  isDone: () =>
    existsSync(join(ROOT, 'node_modules', '.package-lock.json')) && readStamp().npm === npmPackages.fingerprint(),
  install: async () => {
    // NODE_ENV=production or npm's omit=dev would leave out the tools that everything here runs on.
    const { status, output } = await run('npm', ['ci', '--include=dev', '--no-progress'], {
      env: { ...process.env, PATH: pathWithoutOurPackages() },
      shell: WINDOWS,
    });
    if (status !== 0) throw new SetupError(`npm ci failed (exit status ${status}):\n${tail(withoutUsage(output))}`);
    refuseMissingNode24();
  },
};

const pythonPackages = {
  name: 'python',
  title: 'Python packages installed (.local/venv)',
  // The folder is part of it because a virtual environment cannot be moved.
  fingerprint: () => hash(VENV, readFileSync(REQUIREMENTS, 'utf8')),
  // Starting it proves more than files do: an upgrade of the system's Python leaves a link to nowhere behind.
  isDone: () =>
    readStamp().python === pythonPackages.fingerprint() &&
    spawnSync(VENV_PYTHON, ['-I', '-c', 'import ministack, hypercorn, yaml'], { stdio: 'ignore' }).status === 0,
  install: async () => {
    const python = findPython();
    rmSync(VENV, { recursive: true, force: true });
    const venv = await run(python[0], [...python.slice(1), '-m', 'venv', VENV]);
    if (venv.status !== 0) throw new SetupError(`${python.join(' ')} -m venv failed:\n${tail(venv.output)}`);
    const pip = await run(VENV_PYTHON, ['-I', '-m', 'pip', 'install', '--no-input', '-r', REQUIREMENTS], {
      // A user-wide PIP_USER=1 would install beside the virtual environment, not into it.
      env: { ...process.env, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    });
    if (pip.status !== 0) throw new SetupError(`pip install failed (exit status ${pip.status}):\n${tail(pip.output)}`);
  },
};

/** npm removes node_modules while it runs: it must not itself run on the Node in there, which npm scripts find first. */
function pathWithoutOurPackages() {
  const ours = join(ROOT, 'node_modules');
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(ours))
    .join(delimiter);
}

function refuseMissingNode24() {
  const { stdout } = spawnSync(
    join(ROOT, 'node_modules', 'node', 'bin', WINDOWS ? 'node.exe' : 'node'),
    ['--version'],
    {
      encoding: 'utf8',
    },
  );
  if (/^v24\./.test(stdout ?? '')) return;
  throw new SetupError(
    'npm ci ended well, but the npm package "node" has no Node 24 in it: its install script did not run.\n' +
      '  See whether scripts are switched off: npm config get ignore-scripts',
  );
}

/** Runs to the end, collecting what is printed. Whoever stops the setup stops the command with it. */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const stop = (signal) => {
      child.kill(signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('error', (cause) => reject(new SetupError(`${command} cannot be started: ${cause.message}`)));
    child.on('close', (status, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ status: status ?? signal, output });
    });
  });
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

function readText(file) {
  return existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
}

function hash(...texts) {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

/** npm explains a refused lock file first and then prints its whole usage text. */
function withoutUsage(output) {
  return output.split(/\n.*Clean install a project/)[0];
}

function tail(output) {
  return output
    .trimEnd()
    .split('\n')
    .slice(-20)
    .map((line) => `  ${line}`)
    .join('\n');
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

main().catch((error) => {
  say(`✗ ${error instanceof SetupError ? error.message : error.stack}`);
  process.exit(1);
});
