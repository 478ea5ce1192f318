import { closeSync, openSync, readSync } from 'node:fs';
import { type AnalyseOptions, type Analysis, analyse } from '../../rabbitmq/analyse.ts';
import { type Finding, formatFinding, stopsDeployment } from '../../rabbitmq/definitions/finding.ts';
import { maxDefinitionsBytes } from '../../rabbitmq/definitions/json-document.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';

/** Reads and analyses a definitions file; whatever its bytes are. */
export function analyseFile(file: string, options: AnalyseOptions): Analysis {
  return analyse(readBytes(file), options);
}

/** One byte more than is taken at most, so that a file that is too large is seen to be, and never read whole. */
function readBytes(file: string): Uint8Array {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  try {
    const buffer = Buffer.alloc(maxDefinitionsBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(handle, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`);
  } finally {
    closeSync(handle);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}

/** Routing by half a topology would be wrong: says what stops it, and answers the exit status; `undefined` when nothing does. */
export function refused(file: string, { findings }: Analysis, io: Io, json: boolean): ExitStatus | undefined {
  const stopping = findings.filter(stopsDeployment);
  if (stopping.length === 0) return undefined;
  if (json) printJson(io, { findings: stopping });
  else for (const finding of stopping.slice(0, shown)) io.stderr.write(`${formatFinding(file, finding)}\n`);
  if (!json && stopping.length > shown) io.stderr.write(more(stopping, file));
  return 1;
}

const shown = 10;

function more(findings: readonly Finding[], file: string): string {
  return `… and ${findings.length - shown} more; all of them: npx warren check ${file}\n`;
}
