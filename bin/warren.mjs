#!/usr/bin/env node
// `npx warren` runs this on whatever Node the user has; the command line itself is TypeScript and runs on the project's own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const isWindows = process.platform === 'win32';
const node = path.join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

if (existsSync(node)) {
  const child = spawn(node, [path.join(root, 'bin', 'warren.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The command line decides when it ends: what it has published is not told yet. A terminal sends Ctrl-C to both of us.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!isWindows) child.kill(signal);
    });
  }
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? (signal === 'SIGPIPE' ? 0 : 1);
  });
} else {
  process.stderr.write('warren: its packages are not installed yet. Run: npm ci\n');
  process.exitCode = 2;
}
