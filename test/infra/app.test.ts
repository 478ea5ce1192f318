import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** `node bin/app.ts` as the CDK CLI runs it, without bundling; `definitions` are those of `-c topology=FILE`. */
function runApp(folder: string, definitions: string) {
  const topology = path.join(folder, 'definitions.json');
  writeFileSync(topology, definitions);
  const context = { stage: 'dev', topology, 'aws:cdk:bundling-stacks': [] };
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: path.join(folder, 'out'),
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: 'false',
    },
  });
  return { status, stderr: stderr.replaceAll(topology, 'FILE') };
}

describe('the app, as the CDK CLI runs it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-app-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints all warnings in one block, a line each, and synthesises', () => {
    const { status, stderr } = runApp(folder, '{ "queues": [{ "name": "a", "arguments": { "x-max-length": 5 } }] }');

    expect(status).toBe(0);
    const lines = stderr.trimEnd().split('\n');
    const block = lines.slice(lines.indexOf('Warnings, which stop nothing:') + 1);
    expect(block).toEqual([
      expect.stringMatching(/^ {2}FILE:1:\d+ warning: queues\[0\]\.arguments\.x-max-length: /),
      expect.stringMatching(/^ {2}FILE has no queue of lib\/consumers\.ts: /),
    ]);
  });

  it('says what is wrong with the definitions, and nothing else', () => {
    const { status, stderr } = runApp(folder, '{ "queues": [,] }');

    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'FILE cannot be deployed:',
      expect.stringMatching(/^ {2}FILE:1:14 blocking: /),
    ]);
  });
});
