import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface FileToWrite {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Undefined where there is no such file yet. */
  readonly before?: string | undefined;
  readonly isNew: boolean;
}

/** All of them or none: what could not be written is undone before the error is thrown. */
export function writeAll(project: string, files: readonly FileToWrite[]): void {
  const undo: (() => void)[] = [];
  try {
    // All the bytes are on disk before the first name changes: a full disk or a missing right shows here.
    const staged = files.map((file) => stage(project, file, undo));
    for (const [index, { path: to, before }] of files.entries()) {
      const target = path.join(project, to);
      renameSync(staged[index] ?? '', target);
      // Only of what is ours by now: before it, there may be something else of that name.
      undo.push(() => (before === undefined ? rmSync(target, { force: true }) : writeFileSync(target, before)));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}

/** Beside its place, so that it only has to be renamed. */
function stage(project: string, { path: to, text }: FileToWrite, undo: (() => void)[]): string {
  const target = path.join(project, to);
  const staged = `${target}.new`;
  const madeFolder = mkdirSync(path.dirname(target), { recursive: true });
  if (madeFolder !== undefined) undo.push(() => rmSync(madeFolder, { recursive: true, force: true }));
  undo.push(() => rmSync(staged, { force: true }));
  writeFileSync(staged, text, { flag: 'wx' });
  return staged;
}
