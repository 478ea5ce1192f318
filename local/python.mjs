import { spawnSync } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

const WINDOWS = process.platform === 'win32';

/**
 * @returns {string[]} the command, with its leading arguments, of a Python that can make virtual environments
 * @throws {SetupError} with what was found, and how to install one
 */
export function findPython() {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const commands = [...names.map((name) => [name]), ...(WINDOWS ? [['py', '-3']] : [])];
  const found = [];
  for (const command of commands) {
    const version = ask(command, 'import sys; print("%d.%d.%d" % sys.version_info[:3])');
    if (version === undefined) continue;
    const [major, minor] = version.split('.').map(Number);
    if (major !== 3 || minor < 11) found.push(`${command.join(' ')} is ${version}`);
    else if (ask(command, 'import venv, ensurepip; print(1)') === undefined)
      found.push(
        `${command.join(' ')} is ${version} but cannot make virtual environments (venv or ensurepip is missing)`,
      );
    else return command;
  }
  throw new SetupError(pythonAdvice(found));
}

function ask([command, ...leading], code) {
  const { status, stdout } = spawnSync(command, [...leading, '-I', '-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function pythonAdvice(found) {
  return [
    'Python 3.11 or later with venv is needed for the local AWS (MiniStack).',
    `  Found: ${found.length > 0 ? found.join('; ') : 'no Python at all'}.`,
    '  Debian, Ubuntu   sudo apt-get install python3 python3-venv',
    '  Fedora           sudo dnf install python3',
    '  Alpine           sudo apk add python3',
    '  macOS            brew install python@3.12',
    '  Windows          winget install Python.Python.3.12',
    '  Or use an emulator that runs already: set AWS_ENDPOINT_URL, for example to http://127.0.0.1:4566.',
  ].join('\n');
}
