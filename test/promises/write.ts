/**
 * Writes docs/promises.md: `npm run promises`. Breaks each line that test/promises/promises.ts names in a copy of the project, and runs the tests
 * that must notice. Exit status 1 when one does not; a few minutes.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { type Noticed, promisesPage } from './page.ts';
import { type Break, promises } from './promises.ts';

const root = path.join(import.meta.dirname, '../..');
const notCopied = ['.git', '.local', 'cdk.out', 'node_modules'];

const resultSchema = z.object({
  numTotalTests: z.int(),
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) })),
});

const copy = mkdtempSync(path.join(tmpdir(), 'warren-promises-'));
try {
  for (const name of readdirSync(root).filter((one) => !notCopied.includes(one))) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const noticed = new Map<Break, Noticed>();
  for (const one of promises.flatMap(({ breaks }) => breaks)) {
    process.stderr.write(`${one.what} … `);
    const seen = broken(one);
    noticed.set(one, seen);
    process.stderr.write(`${seen.failed.length} of ${seen.tests} tests fail\n`);
  }
  writeFileSync(path.join(root, 'docs/promises.md'), promisesPage(noticed));
  process.exitCode = [...noticed.values()].every(({ failed }) => failed.length > 0) ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true });
}

function broken(one: Break): Noticed {
  const file = path.join(copy, one.file);
  const right = readFileSync(file, 'utf8');
  if (right.split(one.find).length !== 2) throw new Error(`${one.file} does not read once: ${one.find}`);
  writeFileSync(
    file,
    right.replace(one.find, () => one.replace),
  );
  try {
    return run(one);
  } finally {
    writeFileSync(file, right);
  }
}

function run({ project, noticedBy }: Break): Noticed {
  const report = path.join(copy, 'report.json');
  const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', project, '--testPathPatterns', noticedBy];
  spawnSync(process.execPath, ['--experimental-vm-modules', ...jest, '--json', '--outputFile', report], {
    cwd: copy,
    stdio: 'ignore',
  });
  const { numTotalTests: tests, testResults } = resultSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
  rmSync(report);
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  return { tests, failed };
}
