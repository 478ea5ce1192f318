import { type Io, UsageError } from '../io.ts';
import { answerTo } from './answer.ts';

/**
 * Asks on a terminal whether it shall be done, and takes nothing but a yes. `yes` was typed with the command: then nobody is asked. Throws a
 * `UsageError` where there is nobody to ask.
 */
export async function confirmed(question: string, { yes }: { readonly yes: boolean }, io: Io): Promise<boolean> {
  if (yes) return true;
  if (io.stdin.isTTY !== true) throw new UsageError(`${question} Nobody can be asked here: add --yes to do it`);
  return /^y(es)?$/i.test((await answerTo(`${question} [y/N] `, io)).trim());
}
