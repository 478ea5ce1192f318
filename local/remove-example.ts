import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { paths } from './paths.ts';
import { exampleFiles, exampleScripts, markedFolders } from './remove-example/parts.ts';
import { isMarked, withoutMarked } from './remove-example/without-marked.ts';

const usage = `npm run remove-example [-- --yes]: takes the WeChat Pay example out of the code, so that what is left is yours.

  --yes   do it; without it only what would be removed is listed
`;

const afterwards = `The worked example is removed. What is left to do:

  topology/definitions.json   still declares the example's exchanges and queues: put yours there
  lib/consumers.ts            still names the example's queues in watchedByOnCall: name those of yours that a person must read
  events/, README.md          still tell of the example: rewrite them
  npm run snapshots           takes over the templates; look at the diff
  npm run check               must be green, then commit

git checkout . && git clean -fd brings all of it back.`;

const packageSchema = z.looseObject({ scripts: z.record(z.string(), z.string()) });

/** It cannot be removed as things are. */
class RemovalRefusedError extends Error {
  override readonly name = 'RemovalRefusedError';
}

try {
  const { values } = parseArgs({ options: { yes: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) console.log(usage);
  else if (values.yes) removeExample();
  else console.log(`${listing()}\n\nNothing is removed yet: npm run remove-example -- --yes does it.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof RemovalRefusedError ? 1 : 2;
}

function listing(): string {
  return [
    'Files and folders of the worked example alone:',
    ...exampleFiles.map((file) => `  ${file}`),
    'Files with lines that are marked `// worked example`:',
    ...markedFiles().map((file) => `  ${file}`),
    `Scripts of package.json: ${exampleScripts.join(', ')}`,
    'And every test that does not compile without them.',
  ].join('\n');
}

function removeExample(): void {
  refuseUnlessRecoverable();
  if (run('types').status !== 0) throw new RemovalRefusedError('npm run types must be green first.');
  const marked = markedFiles();
  for (const file of exampleFiles) remove(file);
  for (const file of marked) if (existsSync(inProject(file))) rewrite(file, withoutMarked);
  rewrite('package.json', withoutScripts);
  const removedTests = removeTestsOfWhatIsGone();
  run('fix');
  run('ledger');
  if (removedTests.length > 0) console.log(`Removed with it, the tests of it:\n  ${removedTests.join('\n  ')}\n`);
  console.log(afterwards);
}

/** All that is taken away can be had back from git. */
function refuseUnlessRecoverable(): void {
  const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: paths.project, encoding: 'utf8' });
  if (status !== 0) {
    throw new RemovalRefusedError(
      'This folder is not under git, which could bring the files back: git init, add, commit.',
    );
  }
  if (stdout !== '') throw new RemovalRefusedError('There are uncommitted changes: commit them first.');
}

function markedFiles(): string[] {
  const files = markedFolders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: paths.project }));
  return files.filter((file) => isMarked(readFileSync(inProject(file), 'utf8'))).sort();
}

/** A test that compiled before, and does not now, was about what is gone. Answers the files. */
function removeTestsOfWhatIsGone(): string[] {
  const removed: string[] = [];
  for (;;) {
    const { stdout } = run('types');
    const broken = [...new Set(stdout.split('\n').flatMap((line) => /^(\S+)\(\d+,\d+\): error/.exec(line)?.[1] ?? []))];
    if (broken.length === 0) return removed;
    const ours = broken.filter((file) => !file.startsWith('test/'));
    if (ours.length > 0) {
      throw new RemovalRefusedError(
        `These need what was removed, and are no tests:\n  ${ours.join('\n  ')}\nMend them by hand (npm run types), or git checkout . brings the example back.`,
      );
    }
    for (const file of broken) remove(file);
    removed.push(...broken);
  }
}

function withoutScripts(text: string): string {
  const manifest: unknown = JSON.parse(text);
  const kept = Object.entries(packageSchema.parse(manifest).scripts).filter(([name]) => !exampleScripts.includes(name));
  // Of what was read, not of what was parsed: the keys keep their order.
  return `${JSON.stringify({ ...Object(manifest), scripts: Object.fromEntries(kept) }, null, 2)}\n`;
}

/** With the folders that are empty without it. */
function remove(file: string): void {
  rmSync(inProject(file), { recursive: true, force: true });
  const folder = path.dirname(file);
  if (folder !== '.' && existsSync(inProject(folder)) && readdirSync(inProject(folder)).length === 0) remove(folder);
}

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(inProject(file), change(readFileSync(inProject(file), 'utf8')));
}

function run(script: string) {
  const windows = process.platform === 'win32';
  return spawnSync('npm', ['run', '--silent', script], { cwd: paths.project, encoding: 'utf8', shell: windows });
}

function inProject(file: string): string {
  return path.join(paths.project, file);
}
