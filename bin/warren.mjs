#!/usr/bin/env node
// `npx warren` runs this on whatever Node the user has; the command line itself is TypeScript and runs on the project's own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const node = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

if (existsSync(node)) {
  const { status, signal } = spawnSync(node, [path.join(root, 'bin', 'warren.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? (signal === 'SIGPIPE' ? 0 : 1);
} else {
  process.stderr.write('warren: its packages are not installed yet. Run: npm ci\n');
  process.exitCode = 2;
}
