import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { RefusedError } from './errors.ts';

/** The text as `npm run fix` would leave it: its format, the order of its imports. Throws a `RefusedError` for what does not parse. */
export function tidy(project: string, file: string, text: string): string {
  if (!/\.(ts|json)$/.test(file)) return text;
  const tidied = biome(project, file, text, 'check', '--write').stdout;
  // Of a text from stdin only `format` says by its exit status whether it parses: `check --write` is always content, `lint` never.
  const { status, stderr, error } = biome(project, file, tidied, 'format');
  if (status === 0) return tidied;
  throw new RefusedError(1, `${file} would not parse:\n${error?.message ?? stderr}`, { cause: error });
}

function biome(project: string, file: string, input: string, ...args: readonly string[]) {
  const program = path.join(project, 'node_modules/@biomejs/biome/bin/biome');
  const all = [program, ...args, `--stdin-file-path=${file}`];
  return spawnSync(process.execPath, all, { cwd: project, input, encoding: 'utf8' });
}
