import { type Io, UsageError } from '../io.ts';
import type { ExceptionsDeps } from './options.ts';

interface Consent {
  readonly yes: boolean;
  readonly io: Io;
  readonly ask: ExceptionsDeps['ask'];
  /** What the rows are. Default: nothing. */
  readonly details?: readonly string[];
}

/**
 * Whether a person agrees to what is said of so many rows, by typing their number: the number is what bulk acts go wrong by. `details` are shown
 * before. With `yes` nobody is asked. Throws a `UsageError` where nobody can be.
 */
export async function agrees(what: string, number: number, { yes, io, ask, details = [] }: Consent): Promise<boolean> {
  if (yes) return true;
  io.stderr.write(details.map((line) => `${line}\n`).join(''));
  if (io.stdin.isTTY !== true)
    throw new UsageError(`${what}: nobody is at a terminal to agree. Look at them, then add --yes`);
  const typed = await ask(`${what}. Type ${number} to go on: `, io);
  return typed.trim() === String(number);
}
