import { InvalidMessageError } from '../message-line.ts';
import type { Input } from './input.ts';
import { type OpenMessage, type Parsing, parseMessage } from './message-line.ts';
import { type Line, lineText } from './read-lines.ts';
import type { Tally } from './tally.ts';
import type { Leftovers } from './unconfirmed-file.ts';

export interface Reading extends Parsing {
  readonly stop: AbortSignal;
  readonly tally: Tally;
  readonly leftovers: Pick<Leftovers, 'write'>;
}

/**
 * The messages of an input, one at a time. A line that is none is set aside as it is: of a pipe, those before it may be published already.
 * `bytesRead`: of the input, so far. `broken`: why it could not be read to its end.
 */
export function readMessages(input: Input, { stop, tally, leftovers, ...parsing }: Reading) {
  let bytesRead = 0;
  let broken: Error | undefined;
  async function* messages(): AsyncGenerator<OpenMessage> {
    for await (const line of lines()) {
      bytesRead = line.bytesRead;
      try {
        yield parseMessage(lineText(line), line.number, parsing);
      } catch (error) {
        if (!(error instanceof InvalidMessageError)) throw error;
        tally.add('invalid', line.number, error.message, true);
        await leftovers.write([line.raw]);
      }
    }
  }
  /** Ends where it cannot be read on: what was read of a pipe is nowhere else, and still to be published. */
  async function* lines(): AsyncGenerator<Line> {
    try {
      yield* input.lines(stop);
    } catch (error) {
      // A file can be read again, and all of it is written down.
      if (input.bytes !== undefined) throw error;
      broken = error instanceof Error ? error : new Error(String(error));
    }
  }

  return { messages, bytesRead: () => bytesRead, broken: () => broken };
}
