import type { Readable } from 'node:stream';
import { InvalidMessageError } from '../message-line.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without what ends it. */
  readonly raw: Buffer;
  /** Of the input, this line included. */
  readonly bytesRead: number;
}

const newline = 0x0a;

/** The line does not end. Nothing behind it was read. */
export class EndlessLineError extends Error {
  override readonly name = 'EndlessLineError';
  readonly line: number;

  constructor(line: number, most: number) {
    super(`it is over ${most} bytes: this is no file of JSON lines`);
    this.line = line;
  }
}

/** Lines that hold something, one after the other; at most one and a chunk of them in memory. */
export async function* readLines(input: Readable, mostBytes: number): AsyncGenerator<Line> {
  let [number, bytesRead] = [0, 0];
  let rest: Buffer[] = [];
  let restBytes = 0;
  function* line(end: Buffer, ending: number): Generator<Line> {
    const raw = Buffer.concat([...rest, end]);
    [rest, restBytes] = [[], 0];
    number++;
    bytesRead += raw.length + ending;
    if (raw.some((byte) => byte > 0x20))
      yield { number, raw: raw.at(-1) === 0x0d ? raw.subarray(0, -1) : raw, bytesRead };
  }
  for await (const chunk of input) {
    let from = 0;
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
      yield* line(bytes.subarray(from, at), 1);
      from = at + 1;
    }
    rest.push(bytes.subarray(from));
    restBytes += bytes.length - from;
    if (restBytes > mostBytes) throw new EndlessLineError(number + 1, mostBytes);
  }
  yield* line(Buffer.alloc(0), 0);
}

/** Throws an `InvalidMessageError` when the line is not UTF-8. A byte order mark is no part of it. */
export function lineText({ raw }: Line): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    throw new InvalidMessageError('it is not UTF-8');
  }
}
