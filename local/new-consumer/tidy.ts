import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { RefusedError } from './errors.ts';

/** The text as `npm run fix` would leave it: its format, the order of its imports. Throws a `RefusedError` for what Biome refuses. */
export function tidy(project: string, file: string, text: string): string {
  if (!/\.(ts|json)$/.test(file)) return text;
  const biome = path.join(project, 'node_modules/@biomejs/biome/bin/biome');
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [biome, 'check', '--write', `--stdin-file-path=${file}`],
    { cwd: project, input: text, encoding: 'utf8' },
  );
  if (status === 0) return stdout;
  throw new RefusedError(1, `${file} would not pass npm run lint:\n${error?.message ?? stderr}`, { cause: error });
}
