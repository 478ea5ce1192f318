import { closeSync, openSync, readSync } from 'node:fs';
import { unreadable } from '../../lib/unreadable-file.ts';
import { type Analysis, analyse } from '../../rabbitmq/analyse.ts';
import { type Finding, formatFinding, stopsDeployment } from '../../rabbitmq/definitions/finding.ts';
import { maxDefinitionsBytes } from '../../rabbitmq/definitions/json-document.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';
import { namesLeftOut } from './left-out.ts';
import type { CommonOptions } from './program.ts';

/** Reads and analyses a definitions file; whatever its bytes are. */
export function analyseFile(
  file: string,
  {
    dialect,
    vhost,
    consumed,
    prefix: namePrefix,
  }: Pick<CommonOptions, 'dialect' | 'vhost' | 'consumed'> & { readonly prefix?: string },
): Analysis {
  const analysis = analyse(readBytes(file), {
    dialect,
    vhost,
    ...(namePrefix !== undefined && { namePrefix }),
    ...(consumed && { isConsumed: (queue) => queue.vhost === vhost && consumed.includes(queue.name) }),
  });
  const known = analysis.topology.queues.filter((queue) => queue.vhost === vhost).map(({ name }) => name);
  const unknown = consumed?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--consumed ${unknown}: the file has no such queue in vhost '${vhost}'`);
  return analysis;
}

/** Its file descriptor. */
const stdin = 0;

/** One byte more than is taken at most, so that a file that is too large is seen to be, and never read whole. */
function readBytes(file: string): Uint8Array {
  let handle: number;
  try {
    handle = file === '-' ? stdin : openSync(file, 'r');
  } catch (error) {
    throw new UsageError(unreadable(file, error));
  }
  try {
    const buffer = Buffer.alloc(maxDefinitionsBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(handle, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw new UsageError(unreadable(file, error));
  } finally {
    if (handle !== stdin) closeSync(handle);
  }
}

export interface AnywayOptions {
  readonly json: boolean;
  readonly anyway: boolean;
}

/** Routing by half a topology would be wrong: says what stops it, and answers the exit status; `undefined` when nothing does, or shall. */
export function refused(
  file: string,
  { findings, leftOut }: Analysis,
  io: Io,
  { json, anyway }: AnywayOptions,
): ExitStatus | undefined {
  const stopping = findings.filter(stopsDeployment);
  if (stopping.length === 0) return undefined;
  if (anyway) {
    io.stderr.write(
      `${stopping.length} of its findings stop a deployment: ${file} is answered about without what they are about${namesLeftOut(leftOut)}.\n`,
    );
    return undefined;
  }
  if (json) printJson(io, { findings: stopping });
  else {
    io.stderr.write(
      `${file} cannot be answered about: part of it is not understood or has no counterpart on AWS (--anyway leaves that out).\n`,
    );
    for (const finding of stopping.slice(0, shown)) io.stderr.write(`${formatFinding(file, finding)}\n`);
  }
  if (!json && stopping.length > shown) io.stderr.write(more(stopping, file));
  return 1;
}

const shown = 10;

function more(findings: readonly Finding[], file: string): string {
  return `… and ${findings.length - shown} more; all of them: npx warren check ${file}\n`;
}
