import type { Readable, Writable } from 'node:stream';

/** Where a command reads and writes: the process's own streams, or a test's. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

/**
 * 0: fine. 1: findings that stop a deployment, or a message that is refused, or not confirmed. 2: the command was not understood, or cannot
 * be carried out: nothing was done.
 */
export type ExitStatus = 0 | 1 | 2;

/** What was typed cannot be done as it stands; says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function printJson({ stdout }: Io, value: unknown): void {
  stdout.write(`${JSON.stringify(value)}\n`);
}
