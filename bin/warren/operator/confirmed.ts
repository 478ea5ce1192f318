import { createInterface } from 'node:readline';
import { type Io, UsageError } from '../io.ts';

/**
 * Asks on a terminal whether it shall be done, and takes nothing but a yes. `yes` was typed with the command: then nobody is asked. Throws a
 * `UsageError` where there is nobody to ask.
 */
export async function confirmed(question: string, { yes }: { readonly yes: boolean }, io: Io): Promise<boolean> {
  if (yes) return true;
  if (io.stdin.isTTY !== true) throw new UsageError(`${question} Nobody can be asked here: add --yes to do it`);
  io.stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: io.stdin });
  try {
    const { value = '' } = await lines[Symbol.asyncIterator]().next();
    return /^y(es)?$/i.test(String(value).trim());
  } finally {
    lines.close();
  }
}
