import { createInterface } from 'node:readline';
import type { Io } from '../io.ts';

/** The line that a person types when asked; empty when the input ends. */
export async function answerTo(question: string, { stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>): Promise<string> {
  stderr.write(question);
  const lines = createInterface({ input: stdin });
  try {
    const { value = '' } = await lines[Symbol.asyncIterator]().next();
    return String(value);
  } finally {
    lines.close();
  }
}
