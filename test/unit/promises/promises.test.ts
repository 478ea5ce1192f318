import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promises } from '../../promises/promises.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const breaks = promises.flatMap((promise) => promise.breaks);

describe('the page of promises', () => {
  it.each(breaks)('can still break $file: $what', ({ file, find, replace }) => {
    expect(read(file).split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  });

  it('names tests that are there', () => {
    const missing = promises.flatMap(({ heldBy }) => heldBy).filter((file) => !existsSync(path.join(root, file)));

    expect(missing).toEqual([]);
  });

  it('was written since the last change of what it tells: npm run promises', () => {
    const page = read('docs/promises.md');

    const untold = breaks.filter(({ what, file }) => !page.includes(`| ${what} | ${file} | `));
    expect(untold).toEqual([]);
    expect(page).not.toContain('NONE NOTICED');
  });
});
