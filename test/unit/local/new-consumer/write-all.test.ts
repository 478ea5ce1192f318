import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeAll } from '../../../../local/new-consumer/write-all.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'warren-write-all-'));
  writeFileSync(path.join(project, 'edited.ts'), 'before');
});
afterEach(() => rmSync(project, { recursive: true }));

const made = { path: 'lambdas/a/index.ts', text: 'new', isNew: true };
const edited = { path: 'edited.ts', text: 'after', before: 'before', isNew: false };
const everything = (): string[] => readdirSync(project, { recursive: true, encoding: 'utf8' }).sort();
const read = (file: string): string => readFileSync(path.join(project, file), 'utf8');

describe('files that are written together', () => {
  it('are all there, and nothing else', () => {
    writeAll(project, [made, edited]);

    expect(everything()).toEqual(['edited.ts', 'lambdas', 'lambdas/a', 'lambdas/a/index.ts']);
    expect([read(made.path), read(edited.path)]).toEqual(['new', 'after']);
  });

  it.each([
    ['cannot take its name', (): void => void mkdirSync(path.join(project, 'taken')), 'taken'],
    ['cannot be stored', (): void => writeFileSync(path.join(project, 'taken'), ''), 'taken/file.ts'],
  ])('are none at all when the last %s', (_, prepare, last) => {
    prepare();
    const before = everything();

    expect(() => writeAll(project, [made, edited, { path: last, text: '', isNew: true }])).toThrow();

    expect(everything()).toEqual(before);
    expect(read('edited.ts')).toBe('before');
  });
});
