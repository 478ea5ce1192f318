import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { unreadable } from '../../../lib/unreadable-file.ts';
import { type Io, UsageError } from '../io.ts';
import { mostRequestBytes } from './producer.ts';
import { type Line, readLines } from './read-lines.ts';

export interface Input {
  /** `-` is stdin. */
  readonly name: string;
  /** Of a file, which can be read again; absent: it comes once, through a pipe. */
  readonly bytes?: number;
  /** Ends at the signal where it comes through a pipe: nobody knows how much is left. A file is read to its end. */
  lines(stop?: AbortSignal): AsyncGenerator<Line>;
}

/** Throws a `UsageError` when there is no such file. */
export async function openInput(name: string, { stdin }: Pick<Io, 'stdin'>): Promise<Input> {
  if (name === '-') return { name, lines: (stop) => untilStopped(stdin, stop) };
  const { isFile, size } = await statOf(name);
  return isFile
    ? { name, bytes: size, lines: () => readLines(createReadStream(name), mostRequestBytes) }
    : { name, lines: (stop) => untilStopped(createReadStream(name), stop) };
}

async function statOf(name: string): Promise<{ isFile: boolean; size: number }> {
  try {
    const found = await stat(name);
    if (found.isDirectory()) throw new UsageError(`${name} cannot be read: it is a folder`);
    return { isFile: found.isFile(), size: found.size };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(unreadable(name, error));
  }
}

async function* untilStopped(stream: Readable, stop?: AbortSignal): AsyncGenerator<Line> {
  const end = () => stream.destroy();
  stop?.addEventListener('abort', end);
  try {
    for await (const line of readLines(stream, mostRequestBytes)) {
      if (stop?.aborted) return;
      yield line;
    }
  } catch (error) {
    if (!stop?.aborted) throw error;
  } finally {
    stop?.removeEventListener('abort', end);
  }
}
