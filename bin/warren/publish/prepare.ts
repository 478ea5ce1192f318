import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { unwritable } from '../../../lib/unreadable-file.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { InvalidMessageError } from '../message-line.ts';
import type { Input } from './input.ts';
import { type Parsing, parseMessage } from './message-line.ts';
import { EndlessLineError, lineText } from './read-lines.ts';
import { ownerOnly } from './unconfirmed-file.ts';

interface Problem {
  readonly line: number;
  readonly text: string;
}

export interface Preparing extends Parsing {
  readonly stop: AbortSignal;
  readonly onRead: (bytesRead: number) => void;
}

/**
 * Writes the input's messages to `target`, each with its event id, before the first one is published: whatever happens then, also to this
 * process, they can be published again as the same events. Lines keep their numbers. Answers what is wrong with the input instead, and
 * leaves everything as it was. Throws a `UsageError` when it cannot be written, or somebody wants it to stop.
 */
export async function prepare(input: Input, target: string, preparing: Preparing): Promise<readonly Problem[]> {
  const { stop } = preparing;
  const problems: Problem[] = [];
  const written = `${target}.new`;
  try {
    await pipeline(
      Readable.from(linesOf(input, preparing, problems)),
      createWriteStream(written, { mode: ownerOnly }),
      { signal: stop },
    );
    if (problems.length === 0) await rename(written, target);
  } catch (error) {
    throw new UsageError(stop.aborted ? 'stopped; nothing was sent' : unwritable(target, error));
  } finally {
    await rm(written, { force: true });
  }
  return problems;
}

async function* linesOf(input: Input, { onRead, ...parsing }: Preparing, problems: Problem[]): AsyncGenerator<string> {
  let lineNumber = 1;
  try {
    for await (const line of input.lines()) {
      onRead(line.bytesRead);
      try {
        const { json } = parseMessage(lineText(line), line.number, parsing);
        yield `${'\n'.repeat(line.number - lineNumber)}${JSON.stringify(json)}\n`;
        lineNumber = line.number + 1;
      } catch (error) {
        if (!(error instanceof InvalidMessageError)) throw error;
        problems.push({ line: line.number, text: error.message });
      }
    }
  } catch (error) {
    if (!(error instanceof EndlessLineError)) throw error;
    problems.push({ line: error.line, text: error.message });
  }
}

const shown = 10;

/** Says which lines are no messages. */
export function refuseInput(name: string, problems: readonly Problem[], io: Io, json: boolean): ExitStatus {
  const more = problems.length - shown;
  const lines = problems.slice(0, shown).map(({ line, text }) => `  line ${line}: ${text}\n`);
  const which = problems.length === 1 ? 'one line' : `${problems.length} lines`;
  const text = `${which} of ${name} cannot be published; nothing was sent`;
  if (json) printJson(io, { error: { text, lines: problems.slice(0, shown) } });
  io.stderr.write(`warren: ${text}:\n${lines.join('')}${more > 0 ? `  … and ${more} more\n` : ''}`);
  return 2;
}
