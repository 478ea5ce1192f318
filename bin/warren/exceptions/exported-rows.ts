import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { type ExceptionRow, exceptionRow } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { unreadable } from '../../../lib/unreadable-file.ts';
import { UsageError } from '../io.ts';
import { InvalidMessageError } from '../message-line.ts';
import { EndlessLineError, type Line, lineText, readLines } from '../publish/read-lines.ts';

/** A row of 400 KB (DynamoDB, ServiceQuotas) in JSON, where a control character takes six. */
const longestLine = 4_000_000;

/** The rows of a file that `warren exceptions export` has written, one after another. Throws a `UsageError` that names the line. */
export async function* exportedRows(file: string): AsyncGenerator<ExceptionRow, void> {
  try {
    for await (const line of readLines(createReadStream(file), longestLine)) yield rowIn(line, file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof EndlessLineError) throw noRow(file, error.line, error.message);
    throw new UsageError(unreadable(file, error), { cause: error });
  }
}

function rowIn(line: Line, file: string): ExceptionRow {
  try {
    return exceptionRow(JSON.parse(lineText(line)));
  } catch (error) {
    throw noRow(file, line.number, reasonOf(error));
  }
}

function noRow(file: string, line: number, reason: string): UsageError {
  return new UsageError(`${file}:${line} is no row that warren exceptions export has written: ${reason}`);
}

/** Names of fields, never what is in them. */
function reasonOf(error: unknown): string {
  if (error instanceof InvalidMessageError) return error.message;
  if (!(error instanceof z.ZodError)) return 'it is no JSON';
  const [{ path = [], message = '' } = {}] = error.issues;
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
