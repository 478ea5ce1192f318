import { appendFile, open, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exceptionStates } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { unreadable, unwritable } from '../../../lib/unreadable-file.ts';
import { UsageError } from '../io.ts';
import { ownerOnly } from '../publish/unconfirmed-file.ts';

const headSchema = z.object({
  warren: z.literal('replay'),
  replay_id: z.uuid(),
  stage: z.string(),
  who: z.string(),
  reason: z.string(),
});
const seenSchema = z.object({
  event_id: z.string(),
  source: z.string(),
  version: z.number(),
  state: z.enum(exceptionStates),
  lane: z.string().optional(),
});

/** A row as it was seen; those of one lane keep their order. */
export type SelectedRow = z.infer<typeof seenSchema>;
const doneSchema = z.object({ done: z.number() });

/** What is replayed: which rows, as they were seen, and what for. Rows that come later are not in it. */
export interface Selection extends Omit<z.infer<typeof headSchema>, 'warren'> {
  readonly rows: readonly SelectedRow[];
  /** So many of them, from the first on, are asked for already. */
  readonly done: number;
}

export interface SelectionFile {
  readonly path: string;
  /** So many rows are asked for. Written before the next are. */
  saveDone(done: number): Promise<void>;
}

/** Throws a `UsageError` when it is there already, or cannot be written. */
export async function writeSelection(path: string, { rows, done, ...head }: Selection): Promise<SelectionFile> {
  const lines = [{ warren: 'replay', ...head }, ...rows, ...(done > 0 ? [{ done }] : [])];
  try {
    const handle = await open(path, 'wx', ownerOnly);
    try {
      await handle.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UsageError(unwritable(path, error));
  }
  return fileAt(path);
}

/** Throws a `UsageError` when it is none. */
export async function readSelection(path: string): Promise<{ selection: Selection; file: SelectionFile }> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(unreadable(path, error));
  });
  // A crash may have cut off the last line, which says again what is known without it.
  const lines = text.split('\n').filter((line) => line !== '');
  try {
    const [head = '', ...rest] = lines.map(parsedOrNothing).filter((line) => line !== undefined);
    const { warren: _, ...selection } = headSchema.parse(head);
    const rows = rest.flatMap((line) => seenSchema.safeParse(line).data ?? []);
    const done = Math.max(0, ...rest.flatMap((line) => doneSchema.safeParse(line).data?.done ?? []));
    return { selection: { ...selection, rows, done }, file: fileAt(path) };
  } catch {
    throw new UsageError(`${path} is no selection that warren exceptions replay has written`);
  }
}

function fileAt(path: string): SelectionFile {
  return { path, saveDone: (done) => appendFile(path, `${JSON.stringify({ done })}\n`) };
}

function parsedOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
