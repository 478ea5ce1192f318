import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const root = path.join(import.meta.dirname, '../../..');

describe('before the packages are installed', () => {
  const clone = mkdtempSync(path.join(tmpdir(), 'warren-fresh-'));
  afterAll(() => rmSync(clone, { recursive: true }));

  const check = () => spawnSync(process.execPath, [path.join(clone, 'local/installed.mjs')], { encoding: 'utf8' });

  it('a script says what to run, in place of a stack trace', () => {
    mkdirSync(path.join(clone, 'local'));
    cpSync(path.join(root, 'local/installed.mjs'), path.join(clone, 'local/installed.mjs'));

    expect(check()).toMatchObject({ status: 1, stderr: 'The packages are not installed yet. Run: npm ci\n' });

    mkdirSync(path.join(clone, 'node_modules/node/bin'), { recursive: true });
    expect(check()).toMatchObject({ status: 0, stderr: '' });
  });

  it('every script that people run by itself asks, or sets the project up', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
    const ofLocal = Object.entries(scripts).filter(([, script]) => /node local\/\S+\.ts/.test(script));

    const unguarded = ofLocal.filter(
      ([name, script]) => !script.startsWith('node local/installed.mjs && ') && !(`pre${name}` in scripts),
    );

    expect(ofLocal.length).toBeGreaterThan(3);
    expect(unguarded).toEqual([]);
  });
});
