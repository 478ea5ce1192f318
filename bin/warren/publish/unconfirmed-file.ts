import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { unwritable } from '../../../lib/unreadable-file.ts';
import { UsageError } from '../io.ts';

const ending = '.unconfirmed.jsonl';

/** Messages may be nobody else's business. */
export const ownerOnly = 0o600;

/** Where it is unless somebody says otherwise. A file of unconfirmed messages is one for itself. */
export function unconfirmedPath(input: string): string {
  if (input.endsWith(ending)) return input;
  return input === '-' ? `warren${ending}` : `${input}${ending}`;
}

/**
 * Throws a `UsageError` when the file is there already, and is not the input: an earlier run's messages would be lost. `again`: a command
 * that publishes it.
 */
export async function refuseEarlier(file: string, input: string, again: string): Promise<void> {
  if (path.resolve(file) === path.resolve(input) || (await sizeOf(file)) === 0) return;
  throw new UsageError(
    `${file} holds what an earlier run could not confirm. Publish that:\n  ${again}\n${
      input === '-'
        ? 'If what comes now is other messages, name another file with --unconfirmed'
        : `To publish all of ${input} anew instead, name another file with --unconfirmed: what the earlier run confirmed comes twice then, and lines without a message_id get new ones, so that nobody can tell`
    }`,
  );
}

/** Collects the messages that are not confirmed, as lines that can be published in turn. */
export interface Leftovers {
  write(lines: readonly (string | Uint8Array)[]): Promise<void>;
  /** The file is there then only if something is left; with it goes what it replaces. */
  finish(): Promise<void>;
  /** As if it had never been opened. */
  discard(): Promise<void>;
}

/** `replaces`: the file all messages stood in, which stays as it is until the end. Throws a `UsageError` when it cannot be written. */
export async function openLeftovers(
  file: string,
  { replaces }: { readonly replaces?: string } = {},
): Promise<Leftovers> {
  const handle = await openForWriting(file);
  let isEmpty = true;
  return {
    async write(lines) {
      if (lines.length === 0) return;
      isEmpty = false;
      await handle.appendFile(Buffer.concat(lines.flatMap((line) => [Buffer.from(line), lineEnd])));
    },
    async finish() {
      await handle.close();
      if (isEmpty) for (const one of [file, replaces]) await (one && rm(one));
      else if (replaces) await rename(file, replaces);
    },
    async discard() {
      await handle.close();
      await rm(file);
    },
  };
}

const lineEnd = Buffer.from('\n');

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

async function openForWriting(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w', ownerOnly);
  } catch (error) {
    throw new UsageError(unwritable(file, error));
  }
}
