import { cpSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');
const notCopied = ['.git', '.local', 'cdk.out', 'node_modules'];

/** A copy of the project to change, with its packages; whoever makes it removes it. */
export function copyProject(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'warren-own-'));
  for (const name of readdirSync(root).filter((one) => !notCopied.includes(one))) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}
